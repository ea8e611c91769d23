/**
 * A console that has an hour of threats and answers each request after a fixed time. Started by `console-wait.ts`, never
 * by hand. The first message to the parent is the URL; then one for every request that was answered.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { epochMs, recordTexts } from './record-texts.ts';
import { smallThreat } from './small-threat.ts';

const [count = 0, answerMs] = process.argv.slice(2, 4).map(Number);
const texts = process.argv[4] === 'small' ? smallThreats(count) : recordTexts('threats', count);
const keys = texts.map((text) => Date.parse(JSON.parse(text).threatInfo.updatedAt));

const pages = new Map<string, Buffer>();

process.on('disconnect', () => process.exit(1));

const server = http.createServer((request, response) => {
  const url = request.url ?? '';
  // Kept from the first slice, which asks for the same: making a page takes time that would count as the worker's.
  const body = pages.get(url) ?? page(new URL(url, 'http://console').searchParams);
  pages.set(url, body);
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
    process.send?.('answered');
  }, answerMs);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

/** The threats of the time that was asked for; the cursor is the number of the next one. */
function page(params: URLSearchParams): Buffer {
  const from = keys.findIndex((key) => key >= Date.parse(params.get('updatedAt__gte') ?? ''));
  const to = keys.findLastIndex((key) => key < Date.parse(params.get('updatedAt__lt') ?? '')) + 1;
  const start = Number(params.get('cursor') ?? (from === -1 ? to : from));
  const end = Math.max(start, Math.min(to, start + Number(params.get('limit'))));
  const nextCursor = end < to ? `"${end}"` : 'null';
  const total = from === -1 ? 0 : Math.max(0, to - from);
  const data = texts.slice(start, end).join(',');
  return Buffer.from(`{"data":[${data}],"pagination":{"nextCursor":${nextCursor},"totalItems":${total}}}`);
}

/** Threats of 2 KB, evenly over the hour before the epoch. */
function smallThreats(count: number): readonly string[] {
  const text = smallThreat();
  return Array.from({ length: count }, (_, i) =>
    text(String(1_000_000_000_000_000 + i), epochMs - 3_600_000 + Math.floor((i * 3_600_000) / count)),
  );
}
