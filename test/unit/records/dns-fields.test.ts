import { describe, expect, it } from 'vitest';
import { dnsFields } from '../../../shared/records/dns-fields.ts';

describe('the fields of a DNS request', () => {
  it('are none where there was none', () => {
    expect(dnsFields(undefined, undefined)).toEqual({});
  });

  it.each(['example.org', 'type:  28 example.org', 'Type: 1 example.org ', 'type:5 example.org'])(
    'name what was asked for in "%s"',
    (request) => {
      expect(dnsFields(request, undefined)).toEqual({ question: { name: 'example.org' } });
    },
  );

  it.each([
    ['198.51.100.23;', ['198.51.100.23'], ['198.51.100.23']],
    ['type:  5 a.example;198.51.100.23;a.example', ['a.example', '198.51.100.23'], ['198.51.100.23']],
    ['type:  16 v=spf1 -all;', ['v=spf1 -all'], []],
    ['2001:DB8::1;127.0.0.1', ['2001:DB8::1', '127.0.0.1'], ['2001:db8::1', '127.0.0.1']],
    [' ; ;', [], []],
  ])('list the answers of "%s"', (response, answers, addresses) => {
    expect(dnsFields(undefined, response)).toEqual({
      ...(answers.length === 0 ? {} : { answers }),
      ...(addresses.length === 0 ? {} : { resolved_ip: addresses }),
    });
  });
});
