import { expect } from 'vitest';
import * as z from 'zod/mini';
import type { ApiRequest, ApiResponse } from '../../../shared/api/http.ts';
import { openApiDocument } from '../../../shared/api/openapi.ts';
import { routes } from '../../../shared/api/registry.ts';
import { matchRoute } from '../../../shared/api/router.ts';

const { paths } = openApiDocument(routes, '0.0.0');

const problem = z.strictObject({
  type: z.string().check(z.regex(/^urn:sentinel-lake:problem:[a-z_]+$/)),
  title: z.string(),
  status: z.number(),
  code: z.string().check(z.regex(/^[a-z_]+$/)),
  detail: z.string().check(z.minLength(1)),
  recommendation: z.string().check(z.minLength(1)),
  field: z.optional(z.string()),
  fields: z.optional(
    z.array(z.strictObject({ field: z.string(), message: z.string(), recommendation: z.string() })),
  ),
  upstreamStatus: z.optional(z.number()),
  instance: z.string(),
});

/**
 * Fails where the answer is not one that the OpenAPI document has for the operation that the path leads to.
 * @returns that operation's id
 */
export function expectAllowed(
  { method, path }: Pick<ApiRequest, 'method' | 'path'>,
  { status, headers, body = '' }: ApiResponse,
): string {
  const match = matchRoute(routes, method, path);
  const isText = headers['Content-Type']?.startsWith('text/') === true;
  const told: unknown = isText ? body : JSON.parse(body);
  if (match.kind !== 'found') {
    expect(status).toBe(match.kind === 'path' ? 404 : 405);
    expect(z.safeParse(problem, told).error?.issues).toBeUndefined();
    return 'none';
  }
  const { route } = match;
  const { responses } = Object(Object(Object(paths)[route.path])[method.toLowerCase()]);
  const what = `${route.id} answered ${status} ${body.slice(0, 500)}`;
  expect(Object.keys(responses), what).toContain(String(status));
  const shape = route.answers[status];
  const type =
    shape === undefined ? 'application/problem+json' : (shape.text?.contentType ?? 'application/json');
  expect(headers['Content-Type'], what).toBe(`${type}; charset=utf-8`);
  const { error } = z.safeParse(shape === undefined ? problem : (shape.schema ?? z.unknown()), told);
  expect(error?.issues, what).toBeUndefined();
  if (shape === undefined) expect(Reflect.get(Object(told), 'status')).toBe(status);
  for (const name of shape?.headers ?? []) expect(headers[name], `${what}: ${name}`).toBeDefined();
  return route.id;
}
