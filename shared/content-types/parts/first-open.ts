import { ConnectorError } from '../../errors.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Probe } from '../content-type.ts';

/** The probes of the ways by which a content type may be read; the names are those of its reading's `alternatives`. */
export interface FirstOpenDeclaration {
  readonly ways: Readonly<Record<string, Probe>>;
  readonly auto: readonly string[];
}

/** What says that a way is closed, and not that the console has trouble; as in the reading. */
const closed: ReadonlySet<string> = new Set(['permission', 'licence', 'retired']);

/** Probes the way that the option `source` names, or the first one that is open. Where all are closed, the first refusal counts. */
export function firstOpen({ ways, auto }: FirstOpenDeclaration): Probe {
  return async (request) => {
    const source = textAt(request.options, 'source') ?? 'auto';
    let refusal: unknown;
    for (const name of source === 'auto' ? auto : [source]) {
      const probe = Object.hasOwn(ways, name) ? ways[name] : undefined;
      if (probe === undefined) throw unknownSource(['auto', ...Object.keys(ways)]);
      try {
        const answer = await probe(request);
        return refusal === undefined ? answer : { ...answer, note: noteOf(name, answer.note) };
      } catch (error) {
        if (!(error instanceof ConnectorError) || !closed.has(error.health)) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  };
}

function noteOf(name: string, note: string | undefined): string {
  const chosen = `read by source ${name}, because the better one is closed to this token`;
  return note === undefined ? chosen : `${chosen}; ${note}`;
}

function unknownSource(known: readonly string[]): ConnectorError {
  return new ConnectorError({
    code: 'option_unknown',
    message: 'The option source of the content type is none that it has.',
    health: 'misconfigured',
    retryable: false,
    recommendation: `Set it to one of: ${known.join(', ')}.`,
  });
}
