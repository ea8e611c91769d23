import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stream } from '../../shared/engine/stream.ts';
import type { JsonObject } from '../../shared/json.ts';

/** What a command left in the state directory, for those who want to check the lake. Times in epoch milliseconds. */
export interface LastRun {
  readonly lake: string;
  readonly streams: readonly {
    readonly tenant: string;
    readonly connector: string;
    readonly contentType: string;
    readonly since: number;
    readonly watermark: number;
    readonly records: number;
    /** What the connector says about the content type. */
    readonly options?: JsonObject;
  }[];
}

const file = 'last-run.json';

export async function writeLastRun(
  stateDir: string,
  lake: string,
  streams: readonly Stream[],
): Promise<void> {
  const run: LastRun = {
    lake,
    streams: streams.map(({ id, since, watermark, totals, settings: { options } }) => ({
      ...id,
      since,
      watermark,
      records: totals.records,
      ...(options === undefined ? {} : { options }),
    })),
  };
  await writeFile(path.join(stateDir, file), `${JSON.stringify(run, null, 2)}\n`);
}

/** Undefined where no command has come to its end yet. */
export async function readLastRun(stateDir: string): Promise<LastRun | undefined> {
  try {
    return JSON.parse(await readFile(path.join(stateDir, file), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
