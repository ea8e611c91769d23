import { agents } from './agents.ts';
import type { ContentType } from './content-type.ts';
import { threats } from './threats.ts';

/** All content types there are. Adding one is one line here. */
export const contentTypes: readonly ContentType[] = [agents, threats];

/** Their ids, as users type them. */
export const contentTypeIds: readonly string[] = contentTypes.map(({ id }) => id);

/** The content type with the id, or undefined where there is none. */
export function contentType(id: string): ContentType | undefined {
  return contentTypes.find((candidate) => candidate.id === id);
}
