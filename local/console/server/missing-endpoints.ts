import { type Answer, jsonAnswer, textAnswer } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './registry.ts';

/**
 * What a console does not have, because it is too old or was never sold with it: paths of endpoints with the status that it
 * answers. 404 comes as a plain text, as from every path that nobody knows; 501 in the form of the vendor.
 */
export type MissingEndpoints = Readonly<Record<string, 404 | 501>>;

/** Throws for a path that no endpoint has: such a console would have everything. */
export function missingEndpoints(missing: MissingEndpoints): (endpoint: Endpoint) => Answer | undefined {
  for (const path of Object.keys(missing)) {
    if (!endpoints.some((endpoint) => endpoint.path === path))
      throw new Error(`The simulator has no endpoint ${path} that could be missing.`);
  }
  return ({ path }) => {
    const status = Object.hasOwn(missing, path) ? missing[path] : undefined;
    if (status === 404) return textAnswer(404, '404 page not found');
    if (status === undefined) return undefined;
    return jsonAnswer({ errors: [{ code: 5_010_010, detail: null, title: 'Not supported' }] }, status);
  };
}
