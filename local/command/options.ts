import path from 'node:path';
import { parseArgs } from 'node:util';
import { idProblem } from '../../shared/connectors/names.ts';
import { contentType, contentTypeIds } from '../../shared/content-types/registry.ts';
import { ConnectorError } from '../../shared/errors.ts';
import { type HostPolicy, parseHostUrl } from '../../shared/sentinelone/host-url.ts';
import { parseDuration } from '../duration.ts';
import { UsageError } from './usage-error.ts';

/** What `npm start` is asked to do. */
export interface StartOptions {
  readonly tenant: string;
  readonly contentTypes: readonly string[];
  /** Start of the first window of new streams, epoch milliseconds. */
  readonly since: number;
  /** Undefined: our own console simulator. */
  readonly console: { readonly hostUrl: string; readonly apiToken: string } | undefined;
  readonly stateDir: string;
  readonly json: boolean;
  readonly watch: boolean;
}

export const startHelp = `Usage: npm start -- [options]

Starts the whole pipeline on this machine, collects from a console into a lake of plain files, and stops when everything
up to the start of the command has arrived. A further run goes on where the last one ended.

  --console URL          the console to collect from; without it, a simulated console with made-up data
  --token-env NAME       the environment variable that holds the console's API token (never the token itself)
  --content-types LIST   comma-separated, or all (default all): ${contentTypeIds.join(', ')}
  --since TIME           where new streams begin: 6h, 3d, or a time like 2026-11-24T00:00:00Z (default 24h)
  --tenant ID            the tenant that the records are stored under (default demo)
  --state-dir DIR        state, logs and lake (default .sentinel-lake)
  --watch                keep collecting on the schedule until interrupted
  --json                 the last line on stdout is a JSON object; progress goes to stderr
  --help                 this text

Exit code: 0 everything arrived, 1 a stream failed, 2 wrong usage, 130 interrupted.
`;

const defaultSince = '24h';

/**
 * Reads the command line. Throws `UsageError`.
 * @param now epoch milliseconds
 * @returns 'help' when that is what was asked for
 */
export function parseStartOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  hostPolicy: HostPolicy,
  now: number,
): StartOptions | 'help' {
  const values = readArguments(argv);
  if (values.help) return 'help';
  const tenant = values.tenant ?? 'demo';
  const tenantProblem = idProblem(tenant);
  if (tenantProblem !== undefined) throw new UsageError(`--tenant: ${tenantProblem}.`);
  return {
    tenant,
    contentTypes: readContentTypes(values['content-types'] ?? 'all'),
    since: readSince(values.since ?? defaultSince, now),
    console: readConsole(values.console, values['token-env'], environment, hostPolicy),
    stateDir: path.resolve(values['state-dir'] ?? '.sentinel-lake'),
    json: values.json ?? false,
    watch: values.watch ?? false,
  };
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        tenant: { type: 'string' },
        'content-types': { type: 'string' },
        since: { type: 'string' },
        console: { type: 'string' },
        'token-env': { type: 'string' },
        'state-dir': { type: 'string' },
        json: { type: 'boolean' },
        watch: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UsageError(`${firstLine.split('. ')[0]}; see npm start -- --help.`);
  }
}

function readContentTypes(text: string): readonly string[] {
  if (text === 'all') return contentTypeIds;
  const ids = text.split(',').map((id) => id.trim());
  for (const id of ids) {
    if (contentType(id) === undefined) {
      throw new UsageError(
        `--content-types: "${id}" is none; choose from ${contentTypeIds.join(', ')}, or all.`,
      );
    }
  }
  return [...new Set(ids)];
}

function readSince(text: string, now: number): number {
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

function readConsole(
  url: string | undefined,
  tokenVariable: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  hostPolicy: HostPolicy,
): StartOptions['console'] {
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
