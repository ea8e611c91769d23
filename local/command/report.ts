import path from 'node:path';
import type { Stream } from '../../shared/engine/stream.ts';
import type { LakeFolder } from './lake-contents.ts';
import { describeStatus } from './progress.ts';

/** The last line of `--json`. Times are ISO-8601 UTC. */
export function jsonReport(lakeDir: string, streams: readonly Stream[]): string {
  return JSON.stringify({
    lake: lakeDir,
    streams: streams.map(({ id, totals, watermark, status }) => ({
      tenant: id.tenant,
      connector: id.connector,
      contentType: id.contentType,
      records: totals.records,
      filtered: totals.filtered,
      batches: totals.batches,
      windows: totals.windows,
      throttled: totals.throttled,
      watermark: new Date(watermark).toISOString(),
      status: status.health,
    })),
  });
}

/** What arrived where, what went wrong, and what to do next, for people. */
export function textReport(report: {
  readonly lakeDir: string;
  readonly stateDir: string;
  readonly streams: readonly Stream[];
  readonly folders: readonly LakeFolder[];
  readonly simulated: boolean;
  readonly failed: readonly Stream[];
}): string {
  const lines = ['', `The lake is in ${report.lakeDir}`];
  for (const { folder, objects, bytes } of report.folders) {
    lines.push(`  ${folder.padEnd(76)} ${String(objects).padStart(5)} objects ${sizeOf(bytes).padStart(9)}`);
  }
  lines.push('');
  for (const { id, totals, watermark, status } of report.streams) {
    const upTo = new Date(watermark).toISOString();
    lines.push(
      `  ${id.contentType.padEnd(21)} ${totals.records} records in ${totals.batches} batches, complete up to ${upTo}, ${status.health}`,
    );
  }
  for (const { id, status } of report.failed) {
    lines.push('', `${id.contentType} failed: ${describeStatus(status)}`, `  ${status.recommendation ?? ''}`);
  }
  const [folder] = report.folders;
  lines.push('', 'Next:');
  if (folder !== undefined) {
    lines.push(`  zcat '${path.join(report.lakeDir, folder.newest)}' | head -1     look at a record`);
  }
  if (report.simulated) {
    const stateDir = path.relative(process.cwd(), report.stateDir) || '.';
    lines.push(
      `  npm run verify -- --state-dir ${stateDir}     compare every record of the lake with the console`,
      '  npm start -- --console https://<your>.sentinelone.net --token-env S1_TOKEN     collect from your console',
    );
  }
  lines.push('  npm run deploy     put it into your AWS account (README, "Deploy")', '');
  return lines.join('\n');
}

function sizeOf(bytes: number): string {
  if (bytes < 10_000) return `${bytes} B`;
  if (bytes < 10_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${Math.round(bytes / 1_000_000)} MB`;
}
