/** Logged in, logged out, refused to log in. */
const authentication: ReadonlySet<string> = new Set(['27', '33', '133', '134', '3624', '3625']);
/** The firewall of an endpoint stopped something. */
const network: ReadonlySet<string> = new Set(['5232']);
/** A rule was hit: custom ones and the platform's. */
const detection: ReadonlySet<string> = new Set(['3608', '3784']);

/** What an activity is about, besides its type. */
export interface ActivitySubject {
  readonly threatId: string | undefined;
  readonly agentId: string | undefined;
}

/**
 * `event.category` of an activity. The console has some seven hundred types and invents more; what it is about tells most of
 * them: a threat, an endpoint, and else what somebody did to the console's configuration.
 */
export function activityCategory(type: string | undefined, { threatId, agentId }: ActivitySubject): string {
  if (type !== undefined && authentication.has(type)) return 'authentication';
  if (type !== undefined && network.has(type)) return 'network';
  if (threatId !== undefined || (type !== undefined && detection.has(type))) return 'threat';
  return agentId === undefined ? 'configuration' : 'host';
}
