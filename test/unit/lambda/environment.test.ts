import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiEnvironment, readEnvironment } from '../../../shared/lambda/environment.ts';

const complete = {
  STATE_TABLE: 'table',
  QUEUE_URL: 'https://sqs.example.com/1/queue',
  LAKE_BUCKET: 'lake',
  SECRET_PREFIX: 'sentinel-lake/prod',
  DUE_SHARDS: '8',
  CLAIM_SECONDS: '900',
  CONSOLE_HOST_SUFFIXES: '.sentinelone.net,.example.gov',
  REQUESTS_PER_MINUTE: '600',
  ACCESS: '{"iam":[]}',
  ACTION_QUEUE_URL: 'https://sqs.example.com/1/actions',
  ACTION_LEASE_SECONDS: '90',
  ACTION_DAYS: '400',
  CALLBACK_HOST_SUFFIXES: '.soar.example.com',
};

function read(changes: Readonly<Record<string, string | undefined>> = {}) {
  for (const [name, value] of Object.entries({ ...complete, ...changes })) vi.stubEnv(name, value);
  return readEnvironment(apiEnvironment);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the environment of the api function', () => {
  it('is read into numbers, lists and settings', () => {
    expect(read()).toStrictEqual({
      ...complete,
      DUE_SHARDS: 8,
      CLAIM_SECONDS: 900,
      REQUESTS_PER_MINUTE: 600,
      CONSOLE_HOST_SUFFIXES: ['.sentinelone.net', '.example.gov'],
      ACCESS: { iam: [] },
      ACTION_LEASE_SECONDS: 90,
      ACTION_DAYS: 400,
      CALLBACK_HOST_SUFFIXES: ['.soar.example.com'],
    });
  });

  it('takes no domain for webhooks, which are off then, also where Lambda drops an empty variable', () => {
    expect(read({ CALLBACK_HOST_SUFFIXES: '' }).CALLBACK_HOST_SUFFIXES).toStrictEqual([]);
    expect(read({ CALLBACK_HOST_SUFFIXES: undefined }).CALLBACK_HOST_SUFFIXES).toStrictEqual([]);
    expect(() => read({ CONSOLE_HOST_SUFFIXES: '' })).toThrow('CONSOLE_HOST_SUFFIXES');
  });

  it.each(['not JSON', '[]', '"text"', 'null', '{}', '{"iam":{}}'])(
    'refuses %j for ACCESS by its name',
    (ACCESS) => {
      expect(() => read({ ACCESS })).toThrow('Missing or malformed environment variables: ACCESS.');
    },
  );

  it('names every variable that is missing or no good, each once', () => {
    expect(() => read({ STATE_TABLE: undefined, DUE_SHARDS: '0', ACCESS: '{' })).toThrow(
      'Missing or malformed environment variables: STATE_TABLE, DUE_SHARDS, ACCESS.',
    );
  });

  it('lets consoles on this machine in by the word of the embedded mode only', () => {
    expect(read({ CONSOLE_LOOPBACK: 'allowed' }).CONSOLE_LOOPBACK).toBe('allowed');
    expect(() => read({ CONSOLE_LOOPBACK: 'yes' })).toThrow('CONSOLE_LOOPBACK');
  });
});
