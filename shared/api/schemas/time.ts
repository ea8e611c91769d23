import * as z from 'zod/mini';

const message = 'must be a time like 2026-01-01T00:00:00Z.';

/** A time as callers give it: ISO-8601 with its offset from UTC, and one that there is. */
export const time = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/, message),
  z.refine((text) => !Number.isNaN(Date.parse(text)), message),
);
