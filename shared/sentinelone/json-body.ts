import { isUtf8 } from 'node:buffer';
import type { Json } from '../json.ts';
import { parseLossless } from './lossless-json.ts';

/**
 * The JSON value of a body, or undefined where it is none: HTML, plain text, cut off, nothing, or bytes that are
 * not UTF-8 (decoding these would replace characters of a record without anybody noticing).
 */
export function parseBody(body: Buffer): Json | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    return parseLossless(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    // RangeError: nested deeper than the stack, which no console does.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
