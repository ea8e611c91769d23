import type { JsonObject } from '../json.ts';
import { presentFields } from './json-fields.ts';

/** What is known of a host. */
export interface HostFacts {
  readonly name?: string | undefined;
  /** The agent's id, by which the console knows the host; nothing else that identifies it. */
  readonly agentId?: string | undefined;
  readonly domain?: string | undefined;
  readonly osName?: string | undefined;
  readonly osType?: string | undefined;
  /** Never the agent's version. */
  readonly osVersion?: string | undefined;
}

/** The fields of `host`. */
export function hostFields({ name, agentId, domain, osName, osType, osVersion }: HostFacts): JsonObject {
  return presentFields({
    name,
    hostname: name,
    id: agentId,
    domain,
    os: presentFields({ name: osName, type: osType, version: osVersion }),
  });
}
