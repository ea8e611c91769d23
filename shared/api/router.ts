import type { Route } from './route.ts';

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path exists with other methods. */
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'path' };

/** Finds the route of a path. Parts in braces take any text but an empty one; a part that is spelt out goes before them. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  const parts = partsOf(path);
  const fitting = routes
    .map((route) => ({ route, params: paramsOf(route.path.split('/'), parts) }))
    .filter(({ params }) => params !== undefined)
    .sort((a, b) => countOf(a.params) - countOf(b.params));
  const found = fitting.find(({ route }) => route.method === method);
  if (found !== undefined) return { kind: 'found', route: found.route, params: found.params ?? {} };
  if (fitting.length === 0) return { kind: 'path' };
  // As the document has it: a path that is spelt out is not one of those with a part in braces.
  const least = countOf(fitting[0]?.params);
  const own = fitting.filter(({ params }) => countOf(params) === least);
  return { kind: 'method', allowed: own.map(({ route }) => route.method).sort() };
}

function countOf(params: object | undefined): number {
  return Object.keys(params ?? {}).length;
}

/** Undefined for a path that cannot be decoded. */
function partsOf(path: string): readonly string[] | undefined {
  try {
    return path.replace(/\/$/, '').split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function paramsOf(
  pattern: readonly string[],
  parts: readonly string[] | undefined,
): Readonly<Record<string, string>> | undefined {
  if (parts === undefined || parts.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, wanted] of pattern.entries()) {
    const part = parts[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(wanted)?.[1];
    if (name === undefined) {
      if (part !== wanted) return undefined;
    } else if (part === '') return undefined;
    else params[name] = part;
  }
  return params;
}
