import type { TargetKind } from '../../../../shared/actions/subject.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { textAt } from '../../../../shared/records/json-fields.ts';
import type { ConsoleClient } from '../console-client.ts';

/** An endpoint, threat or alert of the simulated console that a test has for itself, with its endpoint. */
export interface Subject {
  readonly kind: TargetKind;
  readonly id: string;
  readonly record: JsonObject;
  readonly agentId: string;
  readonly agent: JsonObject;
}

/** What a subject has to be like. */
export interface SubjectWish {
  readonly os: readonly string[];
  /** Of its own record, and that of its endpoint. */
  readonly suits: (record: JsonObject, agent: JsonObject) => boolean;
}

/** Hands out subjects. No two of them are on one endpoint or of one file, so that no test is in another one's way. */
export interface Subjects {
  /** Throws Error where the world has none left. */
  take(kind: TargetKind, wish: SubjectWish): Subject;
}

export async function subjectsOf(console: ConsoleClient): Promise<Subjects> {
  const agents = new Map<string, JsonObject>();
  const inService = { isDecommissioned: 'false', isUninstalled: 'false' };
  for (const agent of await console.list('/agents', inService)) agents.set(textAt(agent, 'id') ?? '', agent);
  const of = (kind: TargetKind, records: readonly JsonObject[]) =>
    records.flatMap((record): Subject[] => {
      const agentId = agentIdOf(kind, record);
      const agent = agents.get(agentId);
      return agent === undefined ? [] : [{ kind, id: idOf(kind, record), record, agentId, agent }];
    });
  const all: Readonly<Record<TargetKind, readonly Subject[]>> = {
    agent: of('agent', [...agents.values()]),
    threat: of('threat', await console.list('/threats')),
    alert: of('alert', await console.list('/cloud-detection/alerts')),
  };
  const taken = new Set<string>();
  const hashes = new Set<string>();
  return {
    take(kind, { os, suits }) {
      const found = all[kind].find(
        ({ record, agentId, agent }) =>
          !taken.has(agentId) &&
          !hashes.has(textAt(record, 'threatInfo', 'sha1') ?? '') &&
          os.includes(textAt(agent, 'osType') ?? '') &&
          suits(record, agent),
      );
      if (found === undefined) throw new Error(`The world has no ${kind} left of ${os.join(', ')}.`);
      taken.add(found.agentId);
      const sha1 = textAt(found.record, 'threatInfo', 'sha1');
      if (sha1 !== undefined) hashes.add(sha1);
      return found;
    },
  };
}

function idOf(kind: TargetKind, record: JsonObject): string {
  return (kind === 'alert' ? textAt(record, 'alertInfo', 'alertId') : textAt(record, 'id')) ?? '';
}

function agentIdOf(kind: TargetKind, record: JsonObject): string {
  if (kind === 'agent') return textAt(record, 'id') ?? '';
  return textAt(record, 'agentRealtimeInfo', kind === 'alert' ? 'id' : 'agentId') ?? '';
}
