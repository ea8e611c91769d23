import type { JsonObject } from '../json.ts';
import { presentFields } from './json-fields.ts';

/**
 * `organization` and `labels`: to which account, site and group something belongs.
 *
 * @param textOf the text of `accountId`, `accountName`, `siteId` and so on
 */
export function organizationFields(textOf: (name: string) => string | undefined): JsonObject {
  return presentFields({
    organization: presentFields({ id: textOf('accountId'), name: textOf('accountName') }),
    labels: presentFields({
      site_id: textOf('siteId'),
      site_name: textOf('siteName'),
      group_id: textOf('groupId'),
      group_name: textOf('groupName'),
    }),
  });
}
