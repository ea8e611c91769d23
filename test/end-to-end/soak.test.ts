import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { synthesize } from '../../local/template/synthesize.ts';
import { shortForm } from '../soak/forms.ts';
import { type RoundReport, runSoak } from '../soak/soak.ts';

it('every revision is in the lake exactly once, whatever was killed, doubled and refused', async ({
  signal,
}) => {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'sentinel-lake-soak-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const reports: RoundReport[] = [];
  const summary = await runSoak({
    ...shortForm,
    seed: 5,
    rounds: 3,
    harmMs: Number.POSITIVE_INFINITY,
    stateDir,
    assemblyDir: await synthesize(),
    onRound: (report) => reports.push(report),
    interrupted: signal,
  });

  expect(summary.problems).toStrictEqual([]);
  expect(summary).toMatchObject({ result: 'equal', deadLetters: 0, queueServerKills: 1, commandKills: 3 });
  // What was to be harmed was there to be harmed.
  expect(summary.workerKills).toBeGreaterThan(1);
  expect(summary.doubledMessages).toBeGreaterThan(5);
  expect(summary.throttled + summary.serverErrors + summary.resets + summary.refusedCursors).toBeGreaterThan(
    0,
  );
  expect(summary.required).toBeGreaterThan(1_000);
  expect(reports.map(({ profiles }) => profiles)).toStrictEqual([
    ['refused-cursors'],
    ['throttle-storm'],
    ['server-errors'],
  ]);
});
