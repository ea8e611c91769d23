import { fileURLToPath } from 'node:url';
import { deployedFunctions, lambdaEnvironment } from './deployed-functions.ts';
import type { FanOutRun } from './fan-out-run.ts';
import { forked } from './forked.ts';
import { rounded } from './median.ts';
import type { StubAws } from './stub-aws-process.ts';

/** How one memory size would do, if its share of a processor were that share of one of this machine's. */
export interface MemorySize {
  readonly memoryMb: number;
  /** CPU seconds over the share: a busy machine makes `wallSeconds` longer and this not. */
  readonly seconds: number;
  /** A timeout that leaves a factor of two, and the handler's own margin. */
  readonly timeoutSeconds: number;
}

/** The figure: 80,000 due streams in one run. */
export interface FanOut80000 {
  readonly streams: number;
  readonly sent: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly cpuMicrosecondsPerStream: number;
  /** CPU of the same requests as bare bytes. */
  readonly floorCpuMicrosecondsPerStream: number;
  readonly ratio: number;
  readonly peakRssMb: number;
  /** Of the function as it is configured. */
  readonly configured: {
    readonly memoryMb: number;
    readonly timeoutSeconds: number;
    readonly shards: number;
    readonly seconds: number;
    readonly fits: boolean;
  };
  /** What the claims take at DynamoDB, see `indexSeconds`. */
  readonly secondsOfIndexWrites: number;
  readonly sizes: readonly MemorySize[];
}

const streams = 80_000;

/** Assumed, not measured: what AWS answers within a region in the middle of the day. */
const latencyMs: StubAws['latencyMs'] = { Query: 10, UpdateItem: 5, SendMessageBatch: 15 };

/** Megabytes at which a Lambda function has one processor of its own; below it the share is in proportion. */
const oneProcessorMb = 1769;
/** The handler begins no group in its last seconds. */
const handlerMarginSeconds = 10;

const certificate = fileURLToPath(new URL('../test/support/tls/test-only-certificate.pem', import.meta.url));

/** One run of the engine with the real adapters and clients over HTTPS, in a process with the function's heap. */
export async function measureFanOut80000(): Promise<FanOut80000> {
  const model = (await deployedFunctions()).get('fan-out');
  if (model === undefined) throw new Error('The stack has no function fan-out.');
  const shards = Number(model.environment['DUE_SHARDS']);
  const nodeOptions = model.environment['NODE_OPTIONS'] ?? '';

  const floor = await run('./fan-out-floor-process.ts', String(streams), shards, nodeOptions);
  const ours = await run('./fan-out-process.ts', String(shards), shards, nodeOptions);

  const cpuSeconds = ours.cpuMs / 1000;
  // The waits overlap with the work: with a processor or less, the run takes as long as its work.
  const secondsOf = (memoryMb: number) => cpuSeconds / Math.min(1, memoryMb / oneProcessorMb);
  const perStream = ({ cpuMs }: FanOutRun) => Math.round((cpuMs * 1000) / streams);
  return {
    streams,
    sent: ours.sent,
    wallSeconds: rounded(ours.wallMs / 1000),
    cpuSeconds: rounded(cpuSeconds),
    cpuMicrosecondsPerStream: perStream(ours),
    floorCpuMicrosecondsPerStream: perStream(floor),
    ratio: rounded(ours.cpuMs / floor.cpuMs, 2),
    peakRssMb: Math.round(ours.peakRssMb),
    configured: {
      memoryMb: model.memoryMegabytes,
      timeoutSeconds: model.timeoutSeconds,
      shards,
      seconds: Math.round(secondsOf(model.memoryMegabytes)),
      fits: secondsOf(model.memoryMegabytes) <= model.timeoutSeconds - handlerMarginSeconds,
    },
    secondsOfIndexWrites: indexSeconds(shards),
    sizes: [256, 512, 1024, 1769].map((memoryMb) => ({
      memoryMb,
      seconds: Math.round(secondsOf(memoryMb)),
      timeoutSeconds: Math.ceil(2 * secondsOf(memoryMb)) + handlerMarginSeconds,
    })),
  };
}

/**
 * Seconds that the claims take at DynamoDB, however fast the function is: a claim moves an item within its shard, which is
 * two writes, and a partition takes 1,000 a second. The best case, in which every shard has a partition of its own.
 */
function indexSeconds(shards: number): number {
  return Math.round((streams * 2) / (shards * 1000));
}

async function run(file: string, arg: string, shards: number, nodeOptions: string): Promise<FanOutRun> {
  const options: StubAws = { streams, shards, latencyMs };
  const stub = await forked<string>('./stub-aws-process.ts', { args: [JSON.stringify(options)] });
  try {
    const measured = await forked<FanOutRun>(file, {
      args: [arg],
      environment: {
        ...lambdaEnvironment,
        NODE_OPTIONS: nodeOptions,
        AWS_ENDPOINT_URL: stub.message,
        NODE_EXTRA_CA_CERTS: certificate,
      },
    });
    await measured.end();
    return measured.message;
  } finally {
    await stub.end();
  }
}
