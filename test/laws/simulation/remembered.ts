import { streamName } from '../../../shared/engine/stream.ts';
import { isObject, type JsonObject } from '../../../shared/json.ts';
import { type ExpectLaw, missingFrom, type ReadStream } from './sim-console.ts';

/**
 * What readings remember of parents and their children is what the log has of them, no more and no less.
 * @param mayBeDropped which children may be remembered although a filter has kept them out of the log
 */
export function expectRemembered(
  { id, records, memory }: ReadStream,
  nameOf: (record: JsonObject) => readonly [parent: string, child: string],
  expectLaw: ExpectLaw,
  mayBeDropped: (parent: string, child: string) => boolean = () => false,
): void {
  const inLog = records.map((record) => nameOf(record).join(' '));
  const owner = `${streamName(id)}#`;
  const remembered = [...memory.rows].flatMap(([name, { key, value }]) => {
    const { names, dropped = [] } = value;
    if (!name.startsWith(owner) || !Array.isArray(names) || !Array.isArray(dropped)) return [];
    return [...names, ...dropped].map((child) => `${key.split('#')[0]} ${child}`);
  });
  const forgotten = missingFrom(inLog, remembered);
  expectLaw('memory', forgotten.length === 0, () => `forgotten: ${forgotten.join(', ')}`);
  const imagined = missingFrom(remembered, inLog).filter((name) => {
    const [parent = '', child = ''] = name.split(' ');
    return !mayBeDropped(parent, child);
  });
  expectLaw('memory', imagined.length === 0, () => `imagined: ${imagined.join(', ')}`);
}

/** What is remembered under a key for another owner. */
export function rememberedUnder(
  { id, memory }: ReadStream,
  owner: string,
  key: string,
): JsonObject | undefined {
  const value = memory.rows.get(`${streamName({ ...id, contentType: owner })}#${key}`)?.value;
  return isObject(value) ? value : undefined;
}
