import { once } from 'node:events';
import { promisify } from 'node:util';
import { createGzip, type Gzip, gunzip } from 'node:zlib';
import type { RecordLine } from './log-entry.ts';

const decompress = promisify(gunzip);

/**
 * The body of a log entry while it grows: gzip-compressed NDJSON. Lines are compressed page by page, beside the reading of
 * the next one, so that a batch in memory is about as large as its object and not ten times that.
 */
export class EntryBody {
  /** Lines added so far. */
  count = 0;
  private page: RecordLine[] = [];
  private readonly chunks: Buffer[] = [];
  private gzip: Gzip | undefined;
  private finished: Promise<Buffer> | undefined;

  add(line: RecordLine): void {
    this.count += 1;
    this.page.push(line);
  }

  /** Hands the page's lines to the compressor. */
  endPage(): void {
    if (this.page.length === 0) return;
    this.compressor().write(`${this.page.join('\n')}\n`);
    this.page = [];
  }

  /** The whole body. Nothing can be added afterwards; asking again gives the same. */
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
      this.gzip = createGzip();
      this.gzip.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    }
    return this.gzip;
  }
}

/** The lines of a body, in order, without line feeds. Throws when it is no gzip. */
export async function linesOf(body: Uint8Array): Promise<readonly RecordLine[]> {
  const text = (await decompress(body)).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
