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

/** The way by which a window is read. */
interface Choice {
  readonly way: string;
  /** Undefined at the window's start. */
  readonly position: Position | undefined;
  /** True where the window before chose it: that binds nobody. */
  readonly isHandedOn: boolean;
  /** When it was chosen because a better one was closed, epoch milliseconds. */
  readonly chosenAt?: number;
  /** True where the window was begun by another way: what that one read may come again. */
  readonly repeats?: true;
  /** True where it was refused once, and is asked again to confirm that. */
  readonly isRefused?: true;
}

/** What says that this way is closed, and not that the console has trouble. */
const closed: ReadonlySet<string> = new Set(['permission', 'licence', 'retired']);
/** A better way is tried again after so long, milliseconds: somebody may have opened it. */
const secondBestMs = 3_600_000;
/** Before a refusal is believed it is asked for again, because a good token is refused now and then. Milliseconds. */
const confirmMs = 2_000;

/**
 * Reads each window by the first way that is open. Which one that is stays in the position, so a window is not read half by one
 * and half by another, unless its way closes on it and another one can go on where that stood, or it closes for good, or the
 * connector is told to take another one. Where all are closed, the first one's refusal counts: it is the way that is worth
 * opening.
 */
export function alternatives({ ways, auto }: AlternativesDeclaration): Reading {
  async function readPage(request: PageRequest): Promise<Page> {
    const wanted = namesFor(request.options);
    const begun = readChoice(request.position);
    if (begun === undefined || (begun.isHandedOn && !isGood(begun, wanted, request)))
      return await readByFirst(wanted, request);
    if (!wanted.includes(begun.way)) return await takeOver(begun, 'told', request);
    try {
      return await readUnlessClosed(begun, wanted, request);
    } catch (error) {
      if (!isClosed(error)) throw error;
      const isBound = !begun.isHandedOn || wayOf(begun.way).reached !== undefined;
      return isBound ? await takeOver(begun, error, request) : await readByFirst(wanted, request);
    }
  }

  async function readByFirst(
    wanted: readonly string[],
    request: PageRequest,
    begun: Pick<Choice, 'repeats'> = {},
  ): Promise<Page> {
    let refusal: unknown;
    for (const way of wanted) {
      const isSecondBest = refusal !== undefined;
      const choice = { ...begun, way, position: undefined, isHandedOn: false };
      const chosen = isSecondBest ? { ...choice, chosenAt: request.now() } : choice;
      try {
        return await readUnlessClosed(chosen, wanted, request);
      } catch (error) {
        if (!isClosed(error)) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  }

  /** Throws a refusal where the way is closed; one that leads to another way has been confirmed. */
  async function readUnlessClosed(
    choice: Choice,
    wanted: readonly string[],
    request: PageRequest,
  ): Promise<Page> {
    try {
      return await readBy(choice, request);
    } catch (error) {
      if (!isClosed(error) || choice.way === wanted.at(-1) || choice.isRefused === true) throw error;
      if (wayOf(choice.way).isPaced === true) return waitToConfirm(choice);
      await request.sleep(confirmMs, request.signal);
      return await readBy(choice, request);
    }
  }

  /**
   * The way closed in the midst of a window, or the connector was told to take another one. That goes on there, if both can
   * tell where it is. If not, the window is begun again where the way has gone for good, and waits else.
   */
  async function takeOver(begun: Choice, reason: unknown, request: PageRequest): Promise<Page> {
    const { window, options } = request;
    const { repeats } = begun;
    const wanted = namesFor(options).filter((way) => way !== begun.way);
    const reached = wayOf(begun.way).reached?.(begun.position ?? {}, window);
    for (const way of wanted) {
      const position = reached === undefined ? undefined : wayOf(way).beginAt?.(reached, window);
      if (position === undefined) continue;
      try {
        const chosen = { way, position, isHandedOn: false, chosenAt: request.now() };
        return await readBy(repeats === undefined ? chosen : { ...chosen, repeats }, request);
      } catch (error) {
        if (!isClosed(error)) throw error;
      }
    }
    const isGone = reason === 'told' || (reason instanceof ConnectorError && reason.health === 'retired');
    if (reached !== undefined || !isGone || wanted.length === 0) throw reason;
    return await readByFirst(wanted, request, { repeats: true });
  }

  async function readBy(choice: Choice, request: PageRequest): Promise<Page> {
    const reading = wayOf(choice.way);
    const page = await readOrDivide(reading, { ...request, position: choice.position });
    const isHandedOn = page.end && reading.carriesOver === true;
    const { repeats, isRefused, ...lasting } = choice;
    const next = {
      ...lasting,
      position: page.position,
      isHandedOn,
      ...(isHandedOn || repeats === undefined ? {} : { repeats }),
      // A page that tells to wait may be one that could not be asked for yet.
      ...(page.resumeInMs === undefined || isRefused === undefined ? {} : { isRefused }),
    };
    return {
      ...page,
      position: page.end && !isHandedOn ? {} : writeChoice(next),
      mayRepeat: page.mayRepeat || repeats === true,
    };
  }

  /** The first page of a window may be too large, when its position does not tell by which way it is read. */
  async function readOrDivide(reading: Reading, request: PageRequest): Promise<Page> {
    try {
      return await reading.readPage(request);
    } catch (error) {
      const isTooLarge = error instanceof ConnectorError && error.code === 'response_too_large';
      const position = isTooLarge ? reading.smallerPages(request.position, request.window) : undefined;
      if (position === undefined) throw error;
      return { records: [], position, end: false, mayRepeat: false, advances: true };
    }
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
      const begun = readChoice(position);
      if (begun?.position === undefined) return position;
      return writeChoice({ ...begun, position: wayOf(begun.way).resume(begun.position, window) });
    },
    // It is done in place.
    smallerPages: () => undefined,
    sortKey: () => undefined,
    carriesOver: true,
    ...(Object.values(ways).some(({ isPaced }) => isPaced === true) ? { isPaced: true } : {}),
  };
}

/** Whether a way that the window before was read by is one that this window may be read by. */
function isGood({ way, chosenAt }: Choice, wanted: readonly string[], { now }: PageRequest): boolean {
  if (way === wanted[0]) return true;
  return wanted.includes(way) && chosenAt !== undefined && now() - chosenAt < secondBestMs;
}

/** A reading that may not ask again at once is left and begun again. */
function waitToConfirm(choice: Choice): Page {
  const position = writeChoice({ ...choice, isRefused: true });
  return { records: [], position, end: false, mayRepeat: false, advances: true, resumeInMs: confirmMs };
}

function writeChoice({ way, position, isHandedOn, chosenAt, repeats, isRefused }: Choice): Position {
  return {
    way,
    ...(position === undefined ? {} : { position }),
    ...(isHandedOn ? { isHandedOn } : {}),
    ...(chosenAt === undefined ? {} : { chosenAt }),
    ...(repeats === undefined ? {} : { repeats }),
    ...(isRefused === undefined ? {} : { isRefused }),
  };
}

function readChoice(stored: Position | undefined): Choice | undefined {
  const { way, position, isHandedOn, chosenAt, repeats, isRefused } = stored ?? {};
  if (typeof way !== 'string' || !(isObject(position) || isRefused === true)) return undefined;
  return {
    way,
    position: isObject(position) ? position : undefined,
    isHandedOn: isHandedOn === true,
    ...(typeof chosenAt === 'number' ? { chosenAt } : {}),
    ...(repeats === true ? { repeats } : {}),
    ...(isRefused === true ? { isRefused } : {}),
  };
}

function isClosed(error: unknown): boolean {
  return error instanceof ConnectorError && closed.has(error.health);
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
