import { once } from 'node:events';
import { promisify } from 'node:util';
import { createGzip, type Gzip, gunzip } from 'node:zlib';
import type { RecordLine } from '../engine/log-entry.ts';
import type { EntryBody } from '../ports.ts';

const decompress = promisify(gunzip);

/** Level 6 is the default; the rest saves some turns of the thread pool. Measured in docs/decisions/0007. */
const compression = { level: 6, memLevel: 9, chunkSize: 65_536 };

/**
 * A body as gzip-compressed NDJSON. Lines are compressed page by page, beside the reading of the next one, so that a batch
 * in memory is about as large as its object and not ten times that.
 */
export class GzipBody implements EntryBody {
  count = 0;
  private page: RecordLine[] = [];
  private readonly chunks: Buffer[] = [];
  private gzip: Gzip | undefined;
  private finished: Promise<Buffer> | undefined;

  add(line: RecordLine): void {
    this.count += 1;
    this.page.push(line);
  }

  endPage(): void {
    if (this.page.length === 0) return;
    // Line by line, because one character outside Latin-1 makes the whole joined page slow to encode and twice as large.
    this.compressor().write(Buffer.concat(this.page.map((line) => Buffer.from(`${line}\n`))));
    this.page = [];
  }

  finish(): Promise<Buffer> {
    this.finished ??= this.compressed();
    return this.finished;
  }

  private async compressed(): Promise<Buffer> {
    this.endPage();
    const gzip = this.compressor();
    gzip.end();
    await once(gzip, 'end');
    return Buffer.concat(this.chunks);
  }

  private compressor(): Gzip {
    if (this.gzip === undefined) {
      this.gzip = createGzip(compression);
      this.gzip.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    }
    return this.gzip;
  }
}

/** The lines of a body, in order, without line feeds. Throws when it is no gzip. */
export async function gunzipLines(body: Uint8Array): Promise<readonly RecordLine[]> {
  const text = (await decompress(body)).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
