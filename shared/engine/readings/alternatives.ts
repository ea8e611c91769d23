import { ConnectorError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { textAt } from '../../records/json-fields.ts';
import type { Page, PageRequest, Reading } from '../reading.ts';
import type { Position } from '../stream.ts';

/** Several ways to the same data, of which not every token and not every console has all. */
export interface AlternativesDeclaration {
  /** By the names that the connector's option `source` may have. None of them is sorted by a time or remembers anything. */
  readonly ways: Readonly<Record<string, Reading>>;
  /** The ways that are tried where the option says `auto` or nothing, the best first. */
  readonly auto: readonly string[];
}

/** What says that this way is closed, and not that the console has trouble. */
const closed: ReadonlySet<string> = new Set(['permission', 'licence', 'retired']);
const closedCodes: ReadonlySet<string> = new Set(['endpoint_missing', 'not_found', 'not_supported']);

/**
 * Reads each window by the first way that is open. Which one that is stays in the position, so a window is never read half by
 * one and half by another. Where all are closed, the first one's refusal counts: it is the way that is worth opening.
 */
export function alternatives({ ways, auto }: AlternativesDeclaration): Reading {
  async function readPage(request: PageRequest): Promise<Page> {
    const begun = readPosition(request.position);
    if (begun !== undefined) return await readBy(begun.way, begun.position, request);
    const wanted = namesFor(request.options);
    let refusal: unknown;
    for (const way of wanted) {
      try {
        return await readBy(way, undefined, request);
      } catch (error) {
        if (!isClosed(error)) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  }

  async function readBy(way: string, position: Position | undefined, request: PageRequest): Promise<Page> {
    const page = await wayOf(way).readPage({ ...request, position });
    return { ...page, position: { way, position: page.position } };
  }

  function namesFor(options: JsonObject): readonly string[] {
    const source = textAt(options, 'source') ?? 'auto';
    return source === 'auto' ? auto : [source];
  }

  function wayOf(name: string): Reading {
    const way = Object.hasOwn(ways, name) ? ways[name] : undefined;
    if (way === undefined) throw unknownSource(name, ['auto', ...Object.keys(ways)]);
    return way;
  }

  return {
    readPage,
    async isEmpty(request) {
      const names = namesFor(request.options);
      const [only] = names;
      // Which way is open is not known here; in doubt the window itself is read.
      return names.length === 1 && only !== undefined && (await wayOf(only).isEmpty(request));
    },
    resume(position, window) {
      const begun = readPosition(position);
      if (begun === undefined) return position;
      return { way: begun.way, position: wayOf(begun.way).resume(begun.position, window) };
    },
    smallerPages(position, window) {
      const begun = readPosition(position);
      if (begun === undefined) return undefined;
      const smaller = wayOf(begun.way).smallerPages(begun.position, window);
      return smaller && { way: begun.way, position: smaller };
    },
    sortKey: () => undefined,
  };
}

function readPosition(
  stored: Position | undefined,
): { readonly way: string; readonly position: Position } | undefined {
  const { way, position } = stored ?? {};
  return typeof way === 'string' && isObject(position) ? { way, position } : undefined;
}

function isClosed(error: unknown): boolean {
  return error instanceof ConnectorError && (closed.has(error.health) || closedCodes.has(error.code));
}

function unknownSource(name: string, known: readonly string[]): ConnectorError {
  return new ConnectorError({
    code: 'option_unknown',
    message: `The option source is "${name.slice(0, 40)}", which this content type does not have.`,
    health: 'misconfigured',
    retryable: false,
    recommendation: `Set it to one of: ${known.join(', ')}.`,
  });
}
