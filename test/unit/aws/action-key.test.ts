import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionKey, actionPlaceFromKey } from '../../../shared/aws/action-key.ts';
import { streamIdFromKey, streamKey } from '../../../shared/aws/stream-item.ts';

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const place = fc.record({ tenant: name, connector: name, id: fc.stringMatching(/^[0-9a-f]{32}$/) });

describe('the key of an action', () => {
  it('gives its place back, and is no stream', () => {
    fc.assert(
      fc.property(place, (action) => {
        const { pk, sk } = actionKey(action);
        expect(actionPlaceFromKey(pk, sk)).toEqual(action);
        expect(streamIdFromKey(pk, sk)).toBeUndefined();
      }),
    );
  });

  it('is another one for every action', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const isSame =
          one.tenant === other.tenant && one.connector === other.connector && one.id === other.id;
        const [a, b] = [actionKey(one), actionKey(other)];
        expect(a.pk === b.pk && a.sk === b.sk).toBe(isSame);
      }),
    );
  });

  it.each([
    [streamKey({ tenant: 'acme', connector: 'edr', contentType: 'threats' })],
    [{ pk: 'ACTIONLIST#acme', sk: '2026-11-24T10:00:00.000Z#edr#a1' }],
    [{ pk: 'ACTIONS#acme', sk: 'edr' }],
    [{ pk: 'ACTIONS#acme', sk: 'edr#' }],
    [{ pk: 'ACTIONS#acme', sk: '#a1' }],
    [{ pk: 'ACTIONS#acme', sk: 'edr#a1#b' }],
    [{ pk: 'ACTIONS#', sk: 'edr#a1' }],
    [{ pk: 1, sk: 2 }],
  ])('is none: %j', ({ pk, sk }) => {
    expect(actionPlaceFromKey(pk, sk)).toBeUndefined();
  });
});
