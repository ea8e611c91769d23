import { dataLakeTruth, deepVisibilityTruth } from './endpoint-event-truth.ts';
import { starAlertChangeTruth, starAlertTruth } from './star-alert-truth.ts';
import { threatEventTruth } from './threat-event-truth.ts';
import { threatNoteTruth } from './threat-note-truth.ts';
import { revisionsOf, snapshotsOf, type TruthLine, type TruthSource } from './truth.ts';
import { unifiedAlertTruth } from './unified-alert-truth.ts';
import { installedVulnerabilityTruth, riskTruth } from './vulnerability-truth.ts';
import type { World } from './world.ts';

/** The content types for which the truth can be asked, by their ids. */
const sources: Readonly<Record<string, TruthSource>> = {
  threats: revisionsOf((world) => world.threats),
  agents: revisionsOf((world) => world.agents),
  'agents-snapshot': snapshotsOf((world) => world.agents),
  activities: revisionsOf((world) => world.activities),
  alerts: starAlertTruth,
  'alert-changes': starAlertChangeTruth,
  rogues: revisionsOf((world) => world.rogues),
  'device-control-events': revisionsOf((world) => world.deviceEvents),
  'threat-notes': threatNoteTruth,
  'threat-events': threatEventTruth,
  vulnerabilities: riskTruth,
  'vulnerabilities-installed': installedVulnerabilityTruth,
  'unified-alerts': unifiedAlertTruth,
  groups: snapshotsOf((world) => world.groups),
  sites: snapshotsOf((world) => world.sites),
  accounts: snapshotsOf((world) => world.accounts),
  'deep-visibility': deepVisibilityTruth,
  'deep-visibility-sdl': dataLakeTruth,
};

export const truthTypes: readonly string[] = Object.keys(sources);

/**
 * All that the console has shown of the content type with a time in [fromMs, toMs), as of `atMs`. Epoch milliseconds.
 * @throws Error for a content type that the simulator does not play
 */
export function truth(
  world: World,
  contentType: string,
  fromMs: number,
  toMs: number,
  atMs: number,
): Iterable<TruthLine> {
  const source = Object.hasOwn(sources, contentType) ? sources[contentType] : undefined;
  if (source === undefined) throw new Error(`The simulator knows no truth about ${contentType}.`);
  return source(world, { fromMs, toMs, atMs });
}
