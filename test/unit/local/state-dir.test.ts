import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdStateDir } from '../../../local/command/state-dir.ts';
import { UsageError } from '../../../local/command/usage-error.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'sentinel-lake-state-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('holdStateDir', () => {
  it('makes the directory and gives it to one at a time', () => {
    const dir = path.join(root, 'deep', 'state');
    const held = holdStateDir(dir);
    expect(held.dir).toBe(dir);
    expect(() => holdStateDir(dir)).toThrow(UsageError);
    expect(() => holdStateDir(dir)).toThrow(/^--state-dir: another command is using/);
    held.release();
    holdStateDir(dir).release();
  });

  it('refuses a file', () => {
    const file = path.join(root, 'file');
    writeFileSync(file, 'x');
    expect(() => holdStateDir(file)).toThrow(/^--state-dir: .* is a file, not a directory/);
    expect(() => holdStateDir(path.join(file, 'below'))).toThrow(UsageError);
    expect(readdirSync(root)).toStrictEqual(['file']);
  });

  it('is free again after its holder was killed', async () => {
    const script = `
      import { holdStateDir } from ${JSON.stringify(new URL('../../../local/command/state-dir.ts', import.meta.url).href)};
      holdStateDir(${JSON.stringify(root)});
      process.stdout.write('held');
      setInterval(() => {}, 1000);
    `;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(() => holdStateDir(root)).toThrow(UsageError);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    holdStateDir(root).release();
  });
});
