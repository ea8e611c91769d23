import type { ContentType } from '../../shared/content-types/content-type.ts';
import type { JsonObject } from '../../shared/json.ts';

/** Options with which a content type makes its second record, where it can make one. */
export function optionsWithAlerts({ derived }: ContentType): JsonObject {
  return derived?.switchedOnBy === undefined ? {} : { [derived.switchedOnBy]: 'true' };
}
