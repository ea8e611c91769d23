import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvocationError } from '../../../local/lambda-host/function-environment.ts';
import { LambdaFunction } from '../../../local/lambda-host/lambda-function.ts';

const bundle = `
let invocations = 0;
export const handler = async (event, context) => {
  invocations += 1;
  if (event.say) console.log(event.say);
  if (event.fail) throw new Error(event.fail);
  if (event.hang) await new Promise(() => setInterval(() => {}, 1000));
  if (event.exit) process.exit(event.exit);
  return { event, invocations, pid: process.pid, remainingMs: context.getRemainingTimeInMillis(),
    requestId: context.awsRequestId, environment: { ...process.env } };
};
`;

let dir: string;
let lambda: LambdaFunction;

function create(timeoutSeconds: number): LambdaFunction {
  return new LambdaFunction({
    model: {
      logicalId: 'Worker',
      name: 'stack-worker',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:stack-worker',
      codeDir: dir,
      handler: 'index.handler',
      timeoutSeconds,
      memoryMegabytes: 128,
      environment: { FROM_TEMPLATE: 'yes' },
    },
    awsEnvironment: { AWS_REGION: 'us-east-1' },
    logDir: dir,
  });
}
type Answer = {
  invocations: number;
  pid: number;
  remainingMs: number;
  requestId: string;
  environment: Record<string, string>;
};
const invoke = (event: object) => lambda.invoke(event) as Promise<Answer>;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sentinel-lake-host-'));
  writeFileSync(path.join(dir, 'index.mjs'), bundle);
  lambda = create(60);
});
afterEach(async () => {
  await lambda.stop();
  rmSync(dir, { recursive: true });
});

describe('the Lambda host', () => {
  it('keeps an environment warm and gives it a true deadline and only the environment that it should have', async () => {
    process.env['SECRET_OF_THE_COMMAND'] = 'eyJtoken';
    const first = await invoke({ a: 1 });
    const second = await invoke({ a: 2 });
    delete process.env['SECRET_OF_THE_COMMAND'];
    expect(first).toMatchObject({ event: { a: 1 }, invocations: 1 });
    expect(second).toMatchObject({ event: { a: 2 }, invocations: 2, pid: first.pid });
    expect(second.requestId).not.toBe(first.requestId);
    expect(first.remainingMs).toBeGreaterThan(0);
    expect(first.remainingMs).toBeLessThanOrEqual(60_000);
    expect(first.environment).toMatchObject({
      FROM_TEMPLATE: 'yes',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'stack-worker',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    });
    expect(first.environment['SECRET_OF_THE_COMMAND']).toBeUndefined();
  });

  it('runs invocations side by side in processes of their own', async () => {
    const answers = await Promise.all([invoke({}), invoke({}), invoke({})]);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3);
  });

  it('reports a failing handler and keeps its environment', async () => {
    const { pid } = await invoke({});
    await expect(invoke({ fail: 'no luck' })).rejects.toThrow(new InvocationError('no luck'));
    expect(await invoke({})).toMatchObject({ pid, invocations: 3 });
  });

  it('kills an invocation at its timeout, which ends the environment', async () => {
    await lambda.stop();
    lambda = create(1);
    const { pid } = await invoke({});
    await expect(invoke({ hang: true })).rejects.toThrow('stack-worker was killed after its timeout of 1 s');
    const next = await invoke({});
    expect(next.invocations).toBe(1);
    expect(next.pid).not.toBe(pid);
  });

  it.each([
    ['is killed', { hang: true, say: 'working' }, 'SIGKILL'],
    ['exits', { exit: 3 }, 'exit code 3'],
  ])('notices when the process %s in the middle of its work', async (_, event, reason) => {
    const { pid } = await invoke({});
    const dying = invoke(event);
    if ('hang' in event) process.kill(pid, 'SIGKILL');
    await expect(dying).rejects.toThrow(reason);
    expect((await invoke({})).pid).not.toBe(pid);
  });

  it('fails an invocation whose bundle does not load', async () => {
    writeFileSync(path.join(dir, 'index.mjs'), 'throw new Error("broken bundle")');
    await expect(invoke({})).rejects.toBeInstanceOf(InvocationError);
  });

  it('keeps what the function writes', async () => {
    await invoke({ say: 'hello from inside' });
    await lambda.stop();
    expect(readFileSync(path.join(dir, 'Worker.log'), 'utf8')).toContain('hello from inside');
  });

  it('ends working processes when it is stopped, and takes no more work', async () => {
    const working = invoke({ hang: true });
    const failed = expect(working).rejects.toThrow('SIGKILL');
    await lambda.stop();
    await failed;
    await expect(invoke({})).rejects.toThrow('is stopped');
    lambda = create(60);
  });
});
