import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keys } from '../../local/command/keys.ts';
import { type RunningConsole, startConsole } from '../../local/console/console.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import { contentType } from '../../shared/content-types/registry.ts';
import { type Command, objectsIn, runCommand, startCommand } from '../support/command.ts';

const patienceMs = 30_000;
const tenant = 'northwind';

let stateDir: string;
let console: RunningConsole;
let command: Command | undefined;

beforeAll(() => synthesize());
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-api-'));
  console = await startConsole({
    seed: 5,
    epochMs: Date.now(),
    historyMs: 8 * 3_600_000,
    rateLimitScale: 'off',
    threats: 200,
    agents: 50,
  });
});
afterEach(async () => {
  command?.process.kill('SIGKILL');
  await command?.exit;
  command = undefined;
  await console.close();
  await rm(stateDir, { recursive: true, force: true });
});

/** The command's own connector reads agents; the one that is made by the API reads threats, so that neither meets what is meant for the other. */
const options = (...more: string[]) => [
  ...['--console', console.url, '--token-env', 'E2E_TOKEN', '--content-types', 'agents'],
  ...['--state-dir', stateDir, '--since', '6h', '--serve', ...more],
];
const token = () => ({ E2E_TOKEN: console.tokens.admin });

/** Asks again until the answer is what is wanted; then, or when the patience has ended, the last one. */
async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (const until = Date.now() + patienceMs; ; await delay(100)) {
    const answer = await ask();
    if (isWanted(answer) || Date.now() > until) return answer;
  }
}

interface Served {
  readonly url: string;
  readonly key: string;
}

/** Starts the command, and reads where it serves from the first line of its output. */
async function serve(): Promise<Served> {
  const started = startCommand(options('--port', '0', '--json'), token());
  command = started;
  const ended = started.exit.then(() => true);
  const [line = ''] = await eventually(
    async () => ((await Promise.race([ended, delay(0)])) === true ? ['ended'] : started.output.stdout),
    (lines) => lines.length > 0,
  );
  expect(started.output.stderr.filter((said) => said.startsWith('npm start'))).toStrictEqual([]);
  return JSON.parse(line);
}

interface Answered {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, each test says by what it expects of it.
  readonly body: any;
}

/** A caller who remembers every answer. */
function caller({ url, key }: Served) {
  const answers: Answered[] = [];
  return {
    answers,
    async call(method: string, asked: string, body?: object): Promise<Answered> {
      const response = await fetch(`${url}${asked}`, {
        method,
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer = { status: response.status, text, body: JSON.parse(text) };
      answers.push(answer);
      return answer;
    },
  };
}

/** Every line of the gzipped objects below a folder. */
async function recordsBelow(folder: string): Promise<readonly Record<string, unknown>[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const objects = await Promise.all(
    entries
      .filter((name) => name.endsWith('.gz'))
      .sort()
      .map(async (name) => gunzipSync(await readFile(path.join(folder, name))).toString('utf8')),
  );
  return objects.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
}

/** Of a content type, below the tenant's. Throws for one that does not exist. */
function folderOf(type: string): string {
  const { index, msgClass } = contentType(type) ?? {};
  if (index === undefined || msgClass === undefined) throw new Error(`There is no content type ${type}.`);
  return path.join(`index=${index}`, `msg_class=${msgClass}`);
}

/** The files below the state directory that hold one of the words. */
async function filesWith(words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(stateDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const contents = [bytes, ...(entry.name.endsWith('.gz') ? [gunzipSync(bytes)] : [])];
    if (words.some((word) => contents.some((content) => content.includes(word))))
      found.push(path.relative(stateDir, file));
  }
  return found;
}

describe('npm start -- --serve', () => {
  it('lets an operator live with a connector by HTTP alone, from its test to its end', async () => {
    const served = await serve();
    expect(Object.keys(served)).toStrictEqual(['url', 'key']);
    const { call, answers } = caller(served);
    const landing = path.join(stateDir, 'lake', 'landing', `tenant=${tenant}`);
    const objectsOf = async (type: string, connector = 'northwind-edr') => {
      const names = await readdir(path.join(landing, folderOf(type)), { recursive: true }).catch(() => []);
      return names.filter((name) => path.basename(name).startsWith(`${connector}.`)).length;
    };
    const settings = {
      tenant,
      name: 'Northwind EDR',
      hostUrl: console.url,
      contentTypes: ['threats'],
      since: '6h',
    };
    const good = console.tokens.admin;
    const wrong = console.tokens.expired;

    expect((await call('GET', '/v1/whoami')).body).toMatchObject({ kind: 'key', rights: ['admin'] });

    // Before it is created: nothing is stored.
    const refused = await call('POST', '/v1/connectors/test', { ...settings, apiToken: wrong });
    expect(refused).toMatchObject({ status: 200, body: { ok: false } });
    const tested = await call('POST', '/v1/connectors/test', { ...settings, apiToken: good });
    expect(tested).toMatchObject({ status: 200, body: { ok: true } });
    expect((await call('GET', `/v1/connectors?tenant=${tenant}`)).body.connectors).toStrictEqual([]);

    const created = await call('POST', '/v1/connectors', { ...settings, apiToken: good });
    expect(created.status).toBe(201);
    const { id } = created.body;
    const place = `/v1/connectors/${id}`;
    const state = async () => (await call('GET', `${place}/status`)).body;

    // Behind while it catches up.
    const collected = await eventually(state, (status) => status.state === 'ok');
    expect(collected).toMatchObject({
      connector: id,
      tenant,
      state: 'ok',
      contentTypes: [{ contentType: 'threats', state: 'ok' }],
    });
    expect(hasRecords(collected.contentTypes, 'threats')).toBe(true);
    expect(await objectsOf('threats')).toBeGreaterThan(0);

    const patched = await call('PATCH', place, { intervalMinutes: 15 });
    expect(patched).toMatchObject({ status: 200, body: { intervalMinutes: 15, name: 'Northwind EDR' } });

    // Paused: even a content type that is added now has to wait.
    expect(await call('POST', `${place}/pause`)).toMatchObject({ status: 200, body: { state: 'paused' } });
    const added = await call('PATCH', place, { contentTypes: ['threats', 'activities'] });
    expect(added).toMatchObject({ status: 200, body: { state: 'paused' } });
    expect((await state()).state).toBe('paused');
    // What is asked for later is there, and that is not.
    const later = { ...settings, name: 'Later', contentTypes: ['activities'], apiToken: good };
    const { id: laterId } = (await call('POST', '/v1/connectors', later)).body;
    await eventually(
      () => objectsOf('activities', 'later'),
      (objects) => objects > 0,
    );
    expect(await objectsOf('activities', 'later')).toBeGreaterThan(0);
    expect(await objectsOf('activities')).toBe(0);
    await call('DELETE', `/v1/connectors/${laterId}`);

    expect(await call('POST', `${place}/resume`)).toMatchObject({ status: 200, body: { state: 'active' } });
    const resumed = await eventually(state, ({ contentTypes }) => hasRecords(contentTypes, 'activities'));
    expect(hasRecords(resumed.contentTypes, 'activities')).toBe(true);
    expect(await objectsOf('activities')).toBeGreaterThan(0);

    // The wrong token is seen when the console refuses the one that the worker still knows.
    expect(await call('PATCH', place, { apiToken: wrong })).toMatchObject({ status: 200 });
    const unauthorized = { errors: [{ code: 4010010, detail: null, title: 'Authentication Failed' }] };
    console.script('/threats', [{ status: 401, body: unauthorized }]);
    await call('POST', `${place}/pause`);
    await call('POST', `${place}/resume`);
    const failed = await eventually(state, (status) => status.state === 'credentials');
    expect(failed.state).toBe('credentials');
    const [worst] = failed.contentTypes;
    expect(worst).toMatchObject({ state: 'credentials', error: { httpStatus: 401 } });
    expect(worst.error.recommendation).toMatch(/token/i);

    expect(await call('PATCH', place, { apiToken: good })).toMatchObject({ status: 200 });
    // Not to wait for the next minute.
    await call('POST', `${place}/pause`);
    await call('POST', `${place}/resume`);
    const recovered = await eventually(state, (status) => status.state === 'ok');
    expect(recovered).toMatchObject({ state: 'ok', contentTypes: [{ state: 'ok' }, { state: 'ok' }] });

    const again = await call('POST', `${place}/test`);
    expect(again).toMatchObject({ status: 200, body: { ok: true } });

    const deleted = await call('DELETE', place);
    expect(deleted).toMatchObject({ status: 200, body: { id, state: 'deleted' } });
    expect(await call('GET', place)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    // What was collected stays.
    expect(await objectsOf('threats')).toBeGreaterThan(0);

    const audit = await recordsBelow(path.join(landing, 'index=audit'));
    const operations = (step: string) =>
      audit.filter((record) => record['step'] === step).map(({ operation }) => operation);
    const changes = [
      ...['createConnector', 'patchConnector', 'pauseConnector', 'patchConnector'],
      ...['createConnector', 'deleteConnector', 'resumeConnector'],
      ...['patchConnector', 'pauseConnector', 'resumeConnector'],
      ...['patchConnector', 'pauseConnector', 'resumeConnector', 'deleteConnector'],
    ];
    expect(operations('requested').sort()).toStrictEqual([...changes].sort());
    expect(operations('succeeded').sort()).toStrictEqual([...changes].sort());
    const { body: me } = await call('GET', '/v1/whoami');
    for (const record of audit)
      expect(record).toMatchObject({ tenant, actor: `key:${me.id}`, sourceIp: '127.0.0.1' });

    const [, secret = ''] = /_([^_].{42})$/.exec(served.key) ?? [];
    expect(secret).toHaveLength(43);
    const secrets = [good, wrong, secret];
    expect(await filesWith(secrets)).toStrictEqual(['secrets.json']);
    for (const { text } of answers) for (const word of secrets) expect(text).not.toContain(word);
    const { stdout, stderr } = command?.output ?? { stdout: [], stderr: [] };
    for (const word of [good, wrong]) expect([...stdout, ...stderr].join('\n')).not.toContain(word);
    expect(stderr.join('\n')).not.toContain(secret);
    expect(stderr.filter((line) => line.startsWith('embedded stack'))).toStrictEqual([]);
  });

  it('collects while it serves, and Ctrl-C ends both with everything that was started', async () => {
    const { url, key } = await serve();
    const { call } = caller({ url, key });
    const agents = await eventually(
      async () => (await call('GET', '/v1/status')).body,
      ({ connectors }) => connectors[0]?.state === 'ok',
    );
    expect(agents.connectors).toMatchObject([{ tenant: 'demo', state: 'ok' }]);
    expect(hasRecords(agents.connectors[0].contentTypes, 'agents')).toBe(true);
    const [made = ''] = await keys(
      ['create', '--name', 'dashboard', '--rights', 'read', '--url', url, '--key-env', 'ADMIN'],
      { ADMIN: key },
      Date.now(),
    ).then((said) => said.split('\n'));
    expect((await caller({ url, key: made }).call('GET', '/v1/whoami')).body).toMatchObject({
      name: 'dashboard',
      rights: ['read'],
    });
    const children = childrenOf(command?.process.pid ?? 0);
    expect(children.length).toBeGreaterThan(1);

    command?.process.kill('SIGINT');

    expect(await command?.exit).toBe(0);
    const report = JSON.parse(command?.output.stdout.at(-1) ?? '');
    expect(report.streams[0]).toMatchObject({ contentType: 'agents', status: 'ok' });
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('refuses a port that is taken in one line, before anything is collected', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';

    const { code, stdout, stderr } = await runCommand(options('--port', port, '--json'), token());

    other.close();
    expect(code).toBe(2);
    expect(stdout).toStrictEqual([]);
    expect(stderr.at(-1)).toBe(
      `npm start: --port: ${port} cannot be had on this machine; name another, or 0 for any free one.`,
    );
    expect(await objectsIn(path.join(stateDir, 'lake'))).toBe(0);
    expect(console.requests).toStrictEqual([]);
  });
});

interface TypeStatus {
  readonly contentType: string;
  readonly records: number;
}

function hasRecords(types: readonly TypeStatus[], contentType: string): boolean {
  return types.some((type) => type.contentType === contentType && type.records > 0);
}

/** The ids of the processes that a process has started. */
function childrenOf(pid: number): readonly number[] {
  return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
}
