import type { Stream } from '../../shared/engine/stream.ts';

const quietMs = 2_000;

/** Writes a line when a stream has come further, at most every two seconds each, and at once when its health changes. */
export class Progress {
  private readonly write: (line: string) => void;
  private readonly shown = new Map<string, { text: string; health: string; at: number }>();

  constructor(write: (line: string) => void) {
    this.write = write;
  }

  show(streams: readonly Stream[], now: number): void {
    for (const stream of streams) {
      const { contentType } = stream.id;
      const before = this.shown.get(contentType);
      const text = lineOf(stream);
      const health = `${stream.status.health} ${stream.status.code} ${stream.status.httpStatus}`;
      if (before?.text === text) continue;
      if (before?.health === health && now - before.at < quietMs) continue;
      this.shown.set(contentType, { text, health, at: now });
      this.write(`${new Date(now).toISOString().slice(11, 19)}  ${text}`);
    }
  }
}

function lineOf({ id, totals, watermark, ahead, status }: Stream): string {
  const records = `${totals.records.toLocaleString('en')} records`;
  const upTo = `complete up to ${secondsOf(watermark)}`;
  const news =
    ahead === undefined || ahead.to === ahead.from ? '' : `, new data up to ${secondsOf(ahead.to)}`;
  return `${id.contentType.padEnd(21)} ${records.padStart(16)}  ${upTo}${news}  ${describeStatus(status)}`;
}

function secondsOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** `throttled (429): The console … Next try 12:00:05Z.` */
export function describeStatus(status: Stream['status']): string {
  if (status.message === undefined) return status.health;
  const http = status.httpStatus === undefined ? '' : ` (${status.httpStatus})`;
  const next =
    status.nextTryAt === undefined
      ? ''
      : ` Next try ${new Date(status.nextTryAt).toISOString().slice(11, 19)}Z.`;
  return `${status.health}${http}: ${status.message}${next}`;
}
