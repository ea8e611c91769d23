import { isObject, type JsonObject } from '../../json.ts';
import type { PageRequest, Reading } from '../reading.ts';
import { type OwnersDeclaration, readOwners } from './owners.ts';
import { patientApi } from './patient-api.ts';

/** Gives each record of a reading what its owner knows: a few requests per page, and none for an owner that is known already. */
export function withOwners(
  inner: Reading,
  owners: OwnersDeclaration,
  join: (record: JsonObject, owner: JsonObject) => JsonObject,
): Reading {
  return {
    ...inner,
    async readPage(request: PageRequest) {
      const page = await inner.readPage(request);
      const known = await readOwners(page.records.filter(isObject), owners, {
        ...request,
        api: patientApi(request),
      });
      const { incomplete = known.incomplete } = page;
      return {
        ...page,
        records: page.records.map((record) => {
          const owner = isObject(record) ? known.of(record) : undefined;
          return owner === undefined || !isObject(record) ? record : join(record, owner);
        }),
        ...(incomplete === undefined ? {} : { incomplete }),
      };
    },
  };
}
