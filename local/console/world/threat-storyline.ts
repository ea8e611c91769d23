import type { AgentIdentity } from './agent-identity.ts';
import { draws, purpose } from './random.ts';

/** The name of a threat's story, which its events have too: 16 digits on Windows, a UUID elsewhere. */
export function threatStoryline(seed: number, threat: number, host: AgentIdentity): string {
  const draw = draws(seed, purpose.threatStoryline, threat);
  if (host.os.type.startsWith('windows')) return draw.hex(16).toUpperCase();
  return `${draw.hex(8)}-${draw.hex(4)}-4${draw.hex(3)}-a${draw.hex(3)}-${draw.hex(12)}`;
}
