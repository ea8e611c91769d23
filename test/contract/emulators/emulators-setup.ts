import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Emulators, startEmulators } from '../../../local/emulators/start-emulators.ts';

export const region = 'eu-central-1';
export const accountId = '123456789012';

/** An empty directory of its own under the system's temporary one. */
export function temporaryDirectory(): string {
  return mkdtempSync(path.join(tmpdir(), 'emulators-'));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/** Starts emulators over `stateDir` with one bucket `lake`, as plain files in `<stateDir>/lake`. */
export function startOver(stateDir: string): Promise<Emulators> {
  return startEmulators({ stateDir, buckets: { lake: path.join(stateDir, 'lake') }, region, accountId });
}
