import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/** Sends the whole answer. The Date is the console's, which a test may have stopped. */
export function send(response: ServerResponse, answer: Answer, nowMs: number): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...headers(answer, nowMs), 'content-length': body.length });
  response.end(body);
}

/** Sends half of the answer and breaks the connection, after promising its full length or as an unfinished chunked body. */
export function sendHalf(response: ServerResponse, answer: Answer, chunked: boolean, nowMs: number): void {
  const body = Buffer.from(answer.body);
  const length = chunked ? {} : { 'content-length': body.length };
  response.writeHead(answer.status, { ...headers(answer, nowMs), ...length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

/** Breaks the connection before anything is sent. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function headers(answer: Answer, nowMs: number): Record<string, string> {
  return { ...answer.headers, date: new Date(nowMs).toUTCString() };
}
