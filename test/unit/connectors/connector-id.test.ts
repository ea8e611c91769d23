import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectorIdText, idFromName, parseConnectorId } from '../../../shared/connectors/connector-id.ts';
import { idProblem } from '../../../shared/connectors/names.ts';

describe('the id that a name suggests', () => {
  it.each([
    ['EMEA servers', 'emea-servers'],
    ['  EMEA – Servers (2) ', 'emea-servers-2'],
    ['prod.eu/1', 'prod-eu-1'],
    ['---', 'connector'],
    ['Ü', 'connector'],
    [`${'a'.repeat(49)} b`, 'a'.repeat(49)],
  ])('of %j is %s', (name, id) => {
    expect(idFromName(name)).toBe(id);
  });

  it('is one, whatever the name is, and leaves room for a number behind it', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(idProblem(`${idFromName(name)}-50`)).toBeUndefined();
      }),
    );
  });
});

describe('the id of a connector in the API', () => {
  it('is read as it is written', () => {
    const id = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(id, id, (tenant, connector) => {
        const place = { tenant, id: connector };
        expect(parseConnectorId(connectorIdText(place))).toStrictEqual(place);
      }),
    );
  });

  it.each(['', '.', 'a', 'a.', '.b', 'a.b.c', 'A.b', 'a.b ', 'a/b.c', '-a.b', 'a.b-', `a.${'b'.repeat(64)}`])(
    '%j is none',
    (text) => {
      expect(parseConnectorId(text)).toBeUndefined();
    },
  );
});
