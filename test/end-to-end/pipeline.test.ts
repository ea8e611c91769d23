import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readLastRun } from '../../local/command/last-run.ts';
import { type RunningConsole, startConsole } from '../../local/console/console.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import { compareStream } from '../lake-truth/compare.ts';
import { lakeOnDisk } from '../lake-truth/read-lake.ts';
import { objectsIn, runCommand, startCommand, untilObjects } from '../support/command.ts';

let stateDir: string;
let console: RunningConsole;

beforeAll(() => synthesize());
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-e2e-'));
});
afterEach(async () => {
  await rm(stateDir, { recursive: true, force: true });
});

async function startSimulatedConsole(size: {
  threats: number;
  agents: number;
  seed?: number;
}): Promise<void> {
  console = await startConsole({
    seed: size.seed ?? 1,
    epochMs: Date.now(),
    historyMs: 8 * 3_600_000,
    rateLimitScale: 'off',
    threats: size.threats,
    agents: size.agents,
  });
}

const options = (...more: string[]) => [
  ...['--console', console.url, '--token-env', 'E2E_TOKEN'],
  ...['--state-dir', stateDir, '--since', '6h', '--tenant', 'acme'],
  // Deep Visibility starts one query a minute; what all content types do is seen with a clock of our own (faults.test.ts).
  ...['--content-types', 'agents,threats'],
  ...more,
];
/** With the daily snapshot that goes with agents. */
const collected = ['agents', 'agents-snapshot', 'threats'];
const token = () => ({ E2E_TOKEN: console.tokens.admin });

/** Compares every stream of the last command with the console. */
async function expectLakeIsTruth(): Promise<void> {
  const run = await readLastRun(stateDir);
  expect(run?.streams.map(({ contentType }) => contentType)).toStrictEqual(collected);
  for (const stream of run?.streams ?? []) {
    const truth = console.truth(stream.contentType, stream.since, Date.now());
    const { problems, lines, required } = await compareStream(lakeOnDisk(run?.lake ?? ''), stream, truth);
    expect(problems).toStrictEqual([]);
    expect(required).toBeGreaterThan(10);
    expect(lines).toBe(stream.records);
  }
}

/** Messages by queue, read from the emulator's file after the command has ended. */
function messagesInQueue(name: string): number {
  const database = new DatabaseSync(path.join(stateDir, 'sqs', 'fauxqs.db'), { readOnly: true });
  try {
    const rows = database.prepare('SELECT queue_name AS queue FROM sqs_messages').all();
    return rows.filter(({ queue }) => String(queue).includes(name)).length;
  } finally {
    database.close();
  }
}

describe('npm start', () => {
  afterEach(() => console.close());

  it('brings a console into the lake, twice, and the second time adds only what is new', async () => {
    await startSimulatedConsole({ threats: 600, agents: 150 });
    const first = await runCommand(options('--json'), token());
    expect(first.stderr.filter((line) => line.startsWith('embedded stack'))).toStrictEqual([]);
    expect(first.code).toBe(0);
    const report = JSON.parse(first.stdout.at(-1) ?? '');
    expect(Object.keys(report)).toStrictEqual(['lake', 'streams']);
    expect(report.lake).toBe(path.join(stateDir, 'lake'));
    expect(report.streams.map(({ contentType }: { contentType: string }) => contentType)).toStrictEqual(
      collected,
    );
    for (const stream of report.streams) {
      expect(Object.keys(stream)).toStrictEqual([
        'tenant',
        'connector',
        'contentType',
        'records',
        'filtered',
        'batches',
        'windows',
        'throttled',
        'watermark',
        'status',
      ]);
      expect(stream).toMatchObject({ tenant: 'acme', filtered: 0, throttled: 0, status: 'ok' });
      expect(new Date(stream.watermark).toISOString()).toBe(stream.watermark);
    }
    await expectLakeIsTruth();
    const files = await filesOf(path.join(stateDir, 'lake'));

    const second = await runCommand(options(), token());

    expect(second.code).toBe(0);
    expect(second.stdout.join('\n')).toContain('zcat');
    await expectLakeIsTruth();
    expect(await filesOf(path.join(stateDir, 'lake'))).toStrictEqual(expect.objectContaining(files));
    expect(messagesInQueue('deadletter')).toBe(0);
  });

  it('keeps the token to itself', async () => {
    await startSimulatedConsole({ threats: 50, agents: 20 });
    const { stdout, stderr } = await runCommand(options(), token());
    const secretFile = path.join(stateDir, 'secrets.json');
    expect(await readFile(secretFile, 'utf8')).toContain(console.tokens.admin);
    expect((await stat(secretFile)).mode & 0o777).toBe(0o600);
    expect([...stdout, ...stderr].join('\n')).not.toContain(console.tokens.admin);
    for (const entry of await readdir(stateDir, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isFile() || file === secretFile) continue;
      expect((await readFile(file)).includes(console.tokens.admin), file).toBe(false);
    }
    for (const { path: asked, params } of console.requests) {
      expect(`${asked} ${JSON.stringify(params)}`).not.toContain(console.tokens.admin);
    }
  });

  it('tells a 401, a 503 and a 429 apart, each at its time, and loses nothing', async () => {
    await startSimulatedConsole({ threats: 300, agents: 60 });
    const html = '<html><head><title>429 Too Many Requests</title></head></html>';
    const unauthorized = { errors: [{ code: 4010010, detail: null, title: 'Authentication Failed' }] };
    console.script('/threats', [
      { status: 401, body: unauthorized },
      { status: 503, body: 'Service Unavailable', headers: { 'retry-after': '2' } },
      { status: 429, body: html, headers: { 'content-type': 'text/html', 'retry-after': '2' } },
    ]);

    const { code, stdout } = await runCommand(options(), token());

    expect(code).toBe(0);
    const threats = stdout.filter((line) => / threats .*complete up to /.test(line)).join('\n');
    expect(threats).toMatch(
      /credentials \(401\).*\n(.*\n)*.*unavailable \(503\).*\n(.*\n)*.*throttled \(429\).*\n(.*\n)*.*ok/,
    );
    expect(stdout.filter((line) => / agents /.test(line)).join('\n')).not.toMatch(/401|503|429/);
    await expectLakeIsTruth();
    expect(messagesInQueue('deadletter')).toBe(0);
  });

  it('ends with 1 and says why when a token is no good, while nothing is written', async () => {
    await startSimulatedConsole({ threats: 20, agents: 20 });
    const { code, stdout } = await runCommand(options('--json'), { E2E_TOKEN: console.tokens.expired });
    expect(code).toBe(1);
    expect(JSON.parse(stdout.at(-1) ?? '').streams).toMatchObject(
      collected.map((contentType) => ({ contentType, status: 'credentials' })),
    );
    expect(await objectsIn(path.join(stateDir, 'lake'))).toBe(0);
  });

  it('survives kill -9 of itself and of its workers at any moment', async () => {
    await startSimulatedConsole({ threats: 1_500, agents: 400, seed: 3 });
    const lakeDir = path.join(stateDir, 'lake');
    // Killed when the lake has so many objects: in the middle of the collection, whatever the machine's speed.
    for (const count of [1, 3, 6, 9]) {
      const command = startCommand(options(), token());
      await untilObjects(lakeDir, count, command.exit);
      command.process.kill('SIGKILL');
      await command.exit;
    }
    const last = await runCommand(options(), token());
    expect(last.code).toBe(0);
    await expectLakeIsTruth();
    expect(messagesInQueue('deadletter')).toBe(0);
  });

  it('stops in good order on Ctrl-C and goes on from there', async () => {
    await startSimulatedConsole({ threats: 1_000, agents: 200 });
    // The threats have to wait, so the command cannot be through before it is interrupted.
    console.script('/threats', [{ status: 500, headers: { 'retry-after': '600' } }]);
    const command = startCommand(options(), token());
    await untilObjects(path.join(stateDir, 'lake'), 2, command.exit);
    command.process.kill('SIGINT');
    expect(await command.exit).toBe(130);
    expect(command.output.stdout.join('\n')).toContain('run it again to go on');
    expect((await runCommand(options(), token())).code).toBe(0);
    await expectLakeIsTruth();
  });

  it('does not let a second command onto its state directory', async () => {
    await startSimulatedConsole({ threats: 100, agents: 50 });
    const first = startCommand(options('--watch'), token());
    await untilObjects(path.join(stateDir, 'lake'), 1, first.exit);
    const second = await runCommand(options(), token());
    expect(second.code).toBe(2);
    expect(second.stderr).toHaveLength(1);
    expect(second.stderr[0]).toMatch(
      /^npm start: --state-dir: another command is using .*; stop it, or name another/,
    );
    first.process.kill('SIGINT');
    expect(await first.exit).toBe(0);
  });
});

describe('npm start with bad input', () => {
  const bad: [string, string[], RegExp][] = [
    ['http', ['--console', 'http://acme.sentinelone.net', '--token-env', 'E2E_TOKEN'], /--console: .*http/],
    ['an address', ['--console', 'https://10.1.2.3', '--token-env', 'E2E_TOKEN'], /--console: /],
    ['a user', ['--console', 'https://a:b@acme.sentinelone.net', '--token-env', 'E2E_TOKEN'], /--console: /],
    [
      'another domain',
      ['--console', 'https://acme.example.com', '--token-env', 'E2E_TOKEN'],
      /--console: .*sentinelone\.net/,
    ],
    [
      'a path',
      ['--console', 'https://acme.sentinelone.net/some/where', '--token-env', 'E2E_TOKEN'],
      /--console: .*path/,
    ],
    [
      'no token variable',
      ['--console', 'https://acme.sentinelone.net', '--token-env', 'NOT_SET'],
      /--token-env: .*NOT_SET/,
    ],
    [
      'an unknown content type',
      ['--content-types', 'threats,files'],
      /--content-types: "files".*agents, agents-snapshot, threats/,
    ],
    ['a time in the future', ['--since', '2199-01-01T00:00:00Z'], /--since: .*future/],
  ];
  it.each(bad)('refuses %s in one line and writes nothing', async (_, argv, expected) => {
    const dir = path.join(stateDir, 'state');
    const { code, stdout, stderr } = await runCommand([...argv, '--state-dir', dir], {
      E2E_TOKEN: 'eyJtoken',
    });
    expect(code).toBe(2);
    expect(stdout).toStrictEqual([]);
    expect(stderr).toHaveLength(1);
    expect(stderr[0]).toMatch(expected);
    expect(stderr[0]).not.toContain('eyJtoken');
    expect(await readdir(stateDir)).toStrictEqual([]);
  });

  it('refuses a state directory that is a file', async () => {
    const file = path.join(stateDir, 'file');
    await writeFile(file, 'mine');
    const { code, stderr } = await runCommand(['--state-dir', file]);
    expect(code).toBe(2);
    expect(stderr).toStrictEqual([
      expect.stringMatching(/^npm start: --state-dir: .* is a file, not a directory/),
    ]);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
});

/** Every file of the lake with its content, by name. */
async function filesOf(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files[file] = (await readFile(file)).toString('base64');
  }
  return files;
}
