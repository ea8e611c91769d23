import type { User } from '../world/deeds/user.ts';
import type { World } from '../world/world.ts';
import type { TokenGrant } from './tokens.ts';

/** The user that a token belongs to: whoever acts with it is named by this in activities and notes. */
export function userOf({ label }: TokenGrant, world: World): User {
  return {
    id: String(BigInt(world.accounts.id(0)) + BigInt(label.length)),
    name: `Simulator ${label}`,
  };
}
