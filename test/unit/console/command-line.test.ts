import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseCommandLine } from '../../../local/console/command-line.ts';

const main = fileURLToPath(new URL('../../../local/console/main.ts', import.meta.url));
const nowMs = Date.UTC(2026, 10, 24, 9, 30, 12, 345);

describe('parseCommandLine', () => {
  it('has defaults for everything; the epoch is the minute', () => {
    expect(parseCommandLine([], nowMs)).toEqual({
      kind: 'run',
      options: {
        port: 9_000,
        seed: 1,
        epochMs: Date.UTC(2026, 10, 24, 9, 30),
        threats: 2_000,
        agents: 500,
        historyMs: 86_400_000,
        threatBytes: 0,
        burst: 5,
        profiles: [],
        rateLimitScale: 1,
      },
    });
  });

  it('reads every option', () => {
    const args =
      '--port 0 --seed 7 --epoch 2026-11-24T00:00:00Z --threats 10 --agents 5 --history 6h --threat-bytes 4096 --burst 9 --events-per-hour 50000 --event-burst 5000 --threat-events 40 --applications 200 --installs 10000 --unified-alerts 0 --profile nulls,mutation --token abc --rate-limit-scale off';
    expect(parseCommandLine(args.split(' '), nowMs)).toEqual({
      kind: 'run',
      options: {
        port: 0,
        seed: 7,
        epochMs: Date.UTC(2026, 10, 24),
        threats: 10,
        agents: 5,
        historyMs: 21_600_000,
        threatBytes: 4_096,
        burst: 9,
        endpointEvents: 50_000,
        endpointEventBurst: 5_000,
        threatEventsPerThreat: 40,
        applications: 200,
        installs: 10_000,
        unifiedAlerts: 0,
        profiles: ['nulls', 'mutation'],
        rateLimitScale: 'off',
        token: 'abc',
      },
    });
  });

  it.each([
    ['--port', 'http'],
    ['--port', '70000'],
    ['--seed', '-1'],
    ['--epoch', 'today'],
    ['--threats', '1.5'],
    ['--agents', ''],
    ['--history', '24'],
    ['--history', '0h'],
    ['--threat-bytes', 'big'],
    ['--burst', '0'],
    ['--events-per-hour', 'many'],
    ['--event-burst', '0'],
    ['--threat-events', '-1'],
    ['--applications', '0'],
    ['--installs', 'few'],
    ['--unified-alerts', '1.5'],
    ['--profile', 'nulls,chaos'],
    ['--token', 'a b'],
    ['--rate-limit-scale', '0'],
    ['--colour', 'red'],
  ])('refuses %s=%s in one line that names the option', (option, value) => {
    const parsed = parseCommandLine([`${option}=${value}`], nowMs);
    expect(parsed).toMatchObject({ kind: 'wrong', problem: expect.stringContaining(option) });
    expect(parsed).toMatchObject({ problem: expect.not.stringContaining('\n') });
  });

  it('explains itself', () => {
    expect(parseCommandLine(['--help'], nowMs)).toMatchObject({
      kind: 'help',
      text: expect.stringContaining('--rate-limit-scale'),
    });
  });
});

describe('npm run console', () => {
  it('ends with 2 and one line when it is called wrongly', async () => {
    const outcome = await new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
      execFile(process.execPath, [main, '--burst', 'many'], (error, out, err) =>
        resolve({ code: error?.code, out, err }),
      );
    });
    expect(outcome).toEqual({
      code: 2,
      out: '',
      err: '--burst takes a whole number from 1 to 100000, not "many".\n',
    });
  });

  it.each(['disconnect', 'SIGTERM'] as const)(
    'tells its parent when it is ready and ends on %s',
    async (end) => {
      const child = fork(main, ['--port', '0', '--threats', '20', '--agents', '5'], { silent: true });
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
      const [message] = await once(child, 'message');
      expect(message).toMatchObject({ type: 'ready', tokens: { admin: expect.any(String) } });
      const reply = await fetch(`${message.url}/web/api/v2.1/threats`, {
        headers: { authorization: `ApiToken ${message.tokens.admin}` },
      });
      expect(JSON.parse(await reply.text()).data).toHaveLength(10);
      const exited = once(child, 'exit');
      if (end === 'disconnect') child.disconnect();
      else child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    },
  );
});
