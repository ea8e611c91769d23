import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { type Stack, startStack } from './running-emulators.ts';

// Importing this file starts emulators for the test file.

export let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

export const Bucket = 'lake';

export async function put(Key: string, Body: string | Uint8Array = 'x', more: object = {}) {
  return stack.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

export async function get(Key: string, more: object = {}) {
  const answer = await stack.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  return { ...answer, body };
}

export async function listPages(input: Omit<ListObjectsV2CommandInput, 'Bucket'>) {
  const pages: { keys: string[]; prefixes: string[] }[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await stack.s3.send(new ListObjectsV2Command({ Bucket, ...input, ContinuationToken }));
    pages.push({
      keys: (page.Contents ?? []).map((object) => object.Key ?? ''),
      prefixes: (page.CommonPrefixes ?? []).map((prefix) => prefix.Prefix ?? ''),
    });
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return pages;
}

/** Stops the emulators and starts them over the same state. */
export async function restart(): Promise<void> {
  await stack.pause();
  stack = await startStack(stack.stateDir);
}
