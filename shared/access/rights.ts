/** What a caller of the control API may do. `respond` is everything that changes something at a console. */
export const rights = ['read', 'test', 'respond', 'admin'] as const;

export type Right = (typeof rights)[number];

/** What each right includes: `admin` all of them, every right `read`, and nothing else. */
const included: Readonly<Record<Right, readonly Right[]>> = {
  read: ['read'],
  test: ['read', 'test'],
  respond: ['read', 'respond'],
  admin: ['read', 'test', 'respond', 'admin'],
};

/** True for the name of a right; false for anything else, whatever it is. */
export function isRight(value: unknown): value is Right {
  return rights.some((right) => right === value);
}

/** True where one of the holder's rights is the right or includes it. */
export function hasRight(holder: { readonly rights: readonly Right[] }, right: Right): boolean {
  return holder.rights.some((held) => included[held].includes(right));
}
