import type { JsonObject } from '../../shared/json.ts';

/** Content types whose sources show different objects, and what the simulator calls the truth of each source. */
const bySource: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'deep-visibility': { sdl: 'deep-visibility-sdl' },
  vulnerabilities: {
    'installed-applications': 'vulnerabilities-installed',
    'per-application': 'vulnerabilities-installed',
  },
};

/** What the simulator calls the truth about a content type that is read as its options say. */
export function truthTypeOf(contentType: string, options: JsonObject = {}): string {
  const { source } = options;
  return (typeof source === 'string' ? bySource[contentType]?.[source] : undefined) ?? contentType;
}
