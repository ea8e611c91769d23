import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { failure, get, transportWith } from './transport-helpers.ts';

const origin = 'https://acme.sentinelone.net';
const address = (text: string): LookupAddress => ({ address: text, family: text.includes(':') ? 6 : 4 });

describe('Transport: what names stand for', () => {
  it.each([
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['10.1.2.3'],
    ['172.31.0.1'],
    ['192.168.0.1'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['::'],
    ['fe80::1'],
    ['fd00:ec2::254'],
    ['::ffff:127.0.0.1'],
    ['::ffff:a9fe:a9fe'],
    ['64:ff9b::a00:1'],
    // One that is good beside it helps nothing, in either order: nobody knows which one is connected to.
    ['93.184.216.34', '10.1.2.3'],
    ['10.1.2.3', '93.184.216.34'],
    ['93.184.216.34', '::1'],
  ])('refuses a console at %s %s', async (...texts) => {
    const asked: string[] = [];
    const transport = transportWith({
      resolve: async (name) => {
        asked.push(name);
        return texts.map(address);
      },
    });
    const error = await failure(transport.request(get(origin)));
    expect(error).toMatchObject({ code: 'host_refused', health: 'host', retryable: false });
    expect(error.message).not.toContain('secret-token');
    expect(asked).toEqual(['acme.sentinelone.net']);
  });
});
