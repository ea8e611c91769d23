import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { deviceControlFields } from '../../../shared/records/device-control-fields.ts';

describe('the normalised fields of a device control event', () => {
  it.each<[JsonObject, string | undefined]>([
    [{ interface: 'USB', deviceName: 'SanDisk Ultra', eventType: 'blocked' }, 'USB SanDisk Ultra: blocked'],
    [{ interface: 'USB', deviceName: '', eventType: 'connected' }, 'USB: connected'],
    [{ interface: 'N/A', deviceName: 'N/A', eventType: 'connected' }, 'connected'],
    [{ interface: 'Bluetooth', deviceName: null, eventType: null }, 'Bluetooth'],
    [{}, undefined],
  ])('of %j are described as %s', (event, description) => {
    expect(deviceControlFields(event)['event']).toEqual({
      category: 'host',
      ...(typeof event['eventType'] === 'string' ? { action: event['eventType'] } : {}),
      ...(description === undefined ? {} : { description }),
    });
  });

  it.each(['N/A', 'n/a', 'unknown', '', null])('have no user %j', (lastLoggedInUserName) => {
    expect(deviceControlFields({ lastLoggedInUserName })).not.toHaveProperty('user');
  });
});
