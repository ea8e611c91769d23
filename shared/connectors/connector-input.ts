import { contentType, contentTypeIds, withCompanions } from '../content-types/registry.ts';
import { ConnectorError } from '../errors.ts';
import { readFilters } from '../filters/read-filters.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Connector } from '../ports.ts';
import { type HostPolicy, parseHostUrl } from '../sentinelone/host-url.ts';
import type { ConnectorFunction } from './connector-registry.ts';
import { optionProblem } from './content-type-options.ts';
import { parseDuration } from './duration.ts';
import type { InputProblem } from './input-problem.ts';
import { idProblem } from './names.ts';

/** What a caller says about a connector; the names are those on the wire. */
export interface ConnectorInput {
  readonly name: string;
  readonly tenant: string;
  /** The tenant's id where absent. */
  readonly tenantName?: string | undefined;
  readonly hostUrl: string;
  readonly functions?: readonly ConnectorFunction[] | undefined;
  readonly contentTypes?: 'all' | readonly string[] | undefined;
  readonly intervalMinutes?: number | undefined;
  /** ISO-8601, or how long ago: `24h`, `30d`. */
  readonly since?: string | undefined;
  readonly siteIds?: readonly string[] | undefined;
  readonly accountIds?: readonly string[] | undefined;
  /** By content type and name; texts, or what JSON makes a text of. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** See docs/filters.md. */
  readonly filters?: readonly unknown[] | undefined;
}

/** The settings that the input stands for, or everything that is wrong with it. */
export type ReadInput =
  | { readonly settings: ConnectorSettings; readonly functions: readonly ConnectorFunction[] }
  | { readonly problems: readonly InputProblem[] };

/** A connector without what only its creation knows. */
export type ConnectorSettings = Omit<Connector, 'id' | 'createdAt'>;

const defaultSince = '24h';
/** Before there was anything to collect. A mistyped year would keep a stream busy for years. */
export const earliestSince = Date.UTC(2010);

/**
 * Reads and checks what a caller says.
 * @param now epoch milliseconds
 */
export function readConnectorInput(input: ConnectorInput, hostPolicy: HostPolicy, now: number): ReadInput {
  const problems: InputProblem[] = [];
  const name = input.name.trim();
  if (!/^[\x20-\x7e]{1,64}$/.test(name)) {
    problems.push({
      field: 'name',
      message: 'must be 1 to 64 printable ASCII characters.',
      recommendation:
        'Use letters, digits, spaces and dashes, e.g. <region>-<console>-<purpose>: emea-servers-collect.',
    });
  }
  const tenantProblem = idProblem(input.tenant);
  if (tenantProblem !== undefined) {
    problems.push({
      field: 'tenant',
      message: `${tenantProblem}.`,
      recommendation: 'Choose an id that stays: it is part of every object key in the lake.',
    });
  }
  const hostUrl = readHost(input.hostUrl, hostPolicy, problems);
  const functions = input.functions ?? ['collect'];
  if (functions.length === 0) {
    problems.push({
      field: 'functions',
      message: 'is empty.',
      recommendation: 'Name collect, respond, or both.',
    });
  }
  const contentTypes = readContentTypes(input.contentTypes ?? 'all', problems);
  const since = readSince(input.since ?? defaultSince, now, problems);
  const { siteIds = [], accountIds = [] } = input;
  checkIds('siteIds', siteIds, problems);
  checkIds('accountIds', accountIds, problems);
  const options = readOptions(input.options ?? {}, problems);
  const filters = readFilters(input.filters ?? [], contentTypeIds);
  if (filters.kind === 'invalid') problems.push(...filters.problems);
  if (problems.length > 0 || filters.kind === 'invalid') return { problems };
  return {
    settings: {
      tenant: input.tenant,
      name,
      tenantName: input.tenantName?.trim() || input.tenant,
      hostUrl,
      contentTypes,
      ...(input.intervalMinutes === undefined ? {} : { intervalMs: input.intervalMinutes * 60_000 }),
      since,
      siteIds,
      accountIds,
      ...(Object.keys(options).length === 0 ? {} : { options }),
      ...(filters.filters.length === 0 ? {} : { filters: filters.filters }),
    },
    functions: [...new Set(functions)].sort(),
  };
}

function readHost(text: string, hostPolicy: HostPolicy, problems: InputProblem[]): string {
  try {
    return parseHostUrl(text, hostPolicy);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    problems.push({ field: 'hostUrl', message: error.message, recommendation: error.recommendation });
    return '';
  }
}

function readContentTypes(given: 'all' | readonly string[], problems: InputProblem[]): readonly string[] {
  if (given === 'all') return contentTypeIds;
  given.forEach((id, i) => {
    if (contentType(id) !== undefined) return;
    problems.push({
      field: `contentTypes[${i}]`,
      message: 'is no content type.',
      recommendation: `Choose from ${contentTypeIds.join(', ')}, or say "all".`,
    });
  });
  if (given.length === 0) {
    problems.push({
      field: 'contentTypes',
      message: 'is empty.',
      recommendation: 'Name at least one, or say "all".',
    });
  }
  return withCompanions([...new Set(given)]);
}

function readSince(text: string, now: number, problems: InputProblem[]): number {
  const duration = parseDuration(text);
  const iso = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  const since = duration === undefined ? iso : now - duration;
  if (Number.isNaN(since)) {
    problems.push({
      field: 'since',
      message: 'is no time.',
      recommendation: 'Write 24h, 30d, or a time like 2026-11-24T00:00:00Z.',
    });
  } else if (since < earliestSince) {
    problems.push({
      field: 'since',
      message: 'is before 2010.',
      recommendation: 'Name a later time: every hour from it on is read one after the other.',
    });
  } else if (since > now) {
    problems.push({
      field: 'since',
      message: 'is in the future.',
      recommendation: 'Name a time that has passed; new data is collected in any case.',
    });
  }
  return Math.floor(since);
}

function checkIds(field: string, ids: readonly string[], problems: InputProblem[]): void {
  ids.forEach((id, i) => {
    if (/^\d{1,20}$/.test(id)) return;
    problems.push({
      field: `${field}[${i}]`,
      message: 'is no id of the console.',
      recommendation: 'The console shows ids as 18 or 19 digits; write them as text, in quotes.',
    });
  });
}

/** Texts, as options are kept; numbers and objects are taken as well. */
function readOptions(
  given: NonNullable<ConnectorInput['options']>,
  problems: InputProblem[],
): Readonly<Record<string, JsonObject>> {
  const options: Record<string, JsonObject> = {};
  for (const [type, values] of Object.entries(given)) {
    const declared = contentType(type);
    if (declared === undefined) {
      problems.push({
        field: `options.${type}`,
        message: 'is no content type.',
        recommendation: `Choose from ${contentTypeIds.join(', ')}.`,
      });
      continue;
    }
    const read: Record<string, Json> = {};
    for (const [name, value] of Object.entries(values)) {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const problem = optionProblem(declared, name, text);
      if (problem === undefined) read[name] = text;
      else {
        problems.push({
          field: `options.${type}.${name}`,
          message: `${problem}.`,
          recommendation: 'docs/content-types.md lists the options of every content type.',
        });
      }
    }
    if (Object.keys(read).length > 0) options[type] = read;
  }
  return options;
}
