import { optionProblem } from '../../shared/connectors/content-type-options.ts';
import { parseDuration } from '../../shared/connectors/duration.ts';
import { idProblem } from '../../shared/connectors/names.ts';
import { contentType, contentTypeIds, withCompanions } from '../../shared/content-types/registry.ts';
import { ConnectorError } from '../../shared/errors.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { ConsoleCredentials } from '../../shared/ports.ts';
import { type HostPolicy, parseHostUrl } from '../../shared/sentinelone/host-url.ts';
import type { ScopeChoice } from './connector-for.ts';
import { UsageError } from './usage-error.ts';

// Each reads one option that several commands have, and throws a `UsageError` that names it.

export function readTenant(text: string): string {
  const problem = idProblem(text);
  if (problem !== undefined) throw new UsageError(`--tenant: ${problem}.`);
  return text;
}

export function readContentTypes(text: string): readonly string[] {
  if (text === 'all') return contentTypeIds;
  const ids = text.split(',').map((id) => id.trim());
  for (const id of ids) {
    if (contentType(id) === undefined) {
      throw new UsageError(
        `--content-types: "${id}" is none; choose from ${contentTypeIds.join(', ')}, or all.`,
      );
    }
  }
  return withCompanions(ids);
}

export function readSince(text: string, now: number): number {
  const duration = parseDuration(text);
  // A bare number is taken for a year by Date.parse; nobody means that.
  const since =
    duration === undefined ? (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN) : now - duration;
  if (Number.isNaN(since)) {
    throw new UsageError(`--since: "${text}" is no time; write 6h, 3d, or 2026-11-24T00:00:00Z.`);
  }
  if (since > now) throw new UsageError(`--since: ${text} is in the future; name a time that has passed.`);
  return Math.floor(since);
}

export function readConsole(
  url: string | undefined,
  tokenVariable: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  hostPolicy: HostPolicy,
): ConsoleCredentials | undefined {
  if (url === undefined) {
    if (tokenVariable !== undefined)
      throw new UsageError('--token-env: only goes with --console; add it, or leave both out.');
    return undefined;
  }
  if (tokenVariable === undefined) {
    throw new UsageError(
      '--console: also say with --token-env which environment variable holds the API token.',
    );
  }
  const hostUrl = readHostUrl(url, hostPolicy);
  const apiToken = environment[tokenVariable]?.trim();
  if (apiToken === undefined || apiToken === '') {
    throw new UsageError(
      `--token-env: the environment variable ${tokenVariable} is not set; export the API token in it.`,
    );
  }
  return { hostUrl, apiToken };
}

function readHostUrl(url: string, hostPolicy: HostPolicy): string {
  try {
    return parseHostUrl(url, hostPolicy);
  } catch (error) {
    if (error instanceof ConnectorError)
      throw new UsageError(`--console: ${error.message} ${error.recommendation}`);
    throw error;
  }
}

/** The options of `readScope`, for `parseArgs`. */
export const scopeOptions = {
  'site-ids': { type: 'string' },
  'account-ids': { type: 'string' },
  option: { type: 'string', multiple: true },
} as const;

export const scopeHelp = `  --site-ids LIST        only these sites of the console, comma-separated ids
  --account-ids LIST     only these accounts
  --option T.NAME=VALUE  how a content type is read, e.g. deep-visibility.source=sdl; may be repeated`;

export function readScope(values: {
  readonly 'site-ids'?: string | undefined;
  readonly 'account-ids'?: string | undefined;
  readonly option?: readonly string[] | undefined;
}): ScopeChoice {
  return {
    siteIds: readIds('site-ids', values['site-ids']),
    accountIds: readIds('account-ids', values['account-ids']),
    options: readOptions(values.option ?? []),
  };
}

function readIds(option: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const ids = text.split(',').map((id) => id.trim());
  for (const id of ids) {
    if (!/^\d{1,20}$/.test(id))
      throw new UsageError(`--${option}: "${id}" is no id; the console shows ids as 18 or 19 digits.`);
  }
  return ids;
}

function readOptions(texts: readonly string[]): Readonly<Record<string, JsonObject>> {
  const options: Record<string, JsonObject> = {};
  for (const text of texts) {
    const [, type = '', name = '', value = ''] = /^([a-z-]+)\.([A-Za-z]+)=(.+)$/s.exec(text) ?? [];
    const declared = contentType(type);
    if (declared === undefined)
      throw new UsageError(`--option: "${text}" is none; write TYPE.NAME=VALUE with a content type first.`);
    const problem = optionProblem(declared, name, value);
    if (problem !== undefined) throw new UsageError(`--option: ${type}.${name} ${problem}.`);
    options[type] = { ...options[type], [name]: value };
  }
  return options;
}
