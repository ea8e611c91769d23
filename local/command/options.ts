import path from 'node:path';
import { parseArgs } from 'node:util';
import { contentTypeIds } from '../../shared/content-types/registry.ts';
import type { ConsoleCredentials } from '../../shared/ports.ts';
import type { HostPolicy } from '../../shared/sentinelone/host-url.ts';
import type { ScopeChoice } from './connector-for.ts';
import {
  readConsole,
  readContentTypes,
  readScope,
  readSince,
  readTenant,
  scopeHelp,
  scopeOptions,
} from './option-readers.ts';
import { UsageError, wrongArguments } from './usage-error.ts';

/** What `npm start` is asked to do. */
export interface StartOptions {
  readonly tenant: string;
  readonly contentTypes: readonly string[];
  /** Start of the first window of new streams, epoch milliseconds. */
  readonly since: number;
  readonly scope: ScopeChoice;
  /** Undefined: our own console simulator. */
  readonly console: ConsoleCredentials | undefined;
  readonly stateDir: string;
  readonly json: boolean;
  readonly watch: boolean;
  /** The port of the control API, 0 for any free one; not served where absent. */
  readonly servePort?: number;
}

export const startHelp = `Usage: npm start -- [options]

Starts the whole pipeline on this machine, collects from a console into a lake of plain files, and stops when everything
up to the start of the command has arrived. A further run goes on where the last one ended.

  --console URL          the console to collect from; without it, a simulated console with made-up data
  --token-env NAME       the environment variable that holds the console's API token (never the token itself)
  --content-types LIST   comma-separated, or all (default all): ${contentTypeIds.join(', ')}
  --since TIME           where a new connector begins: 6h, 3d, or a time like 2026-11-24T00:00:00Z (default 24h)
${scopeHelp}
  --tenant ID            the tenant that the records are stored under (default demo)
  --state-dir DIR        state, logs and lake (default .sentinel-lake)
  --serve                serve the control API on 127.0.0.1 as well, and keep collecting until interrupted
  --port N               its port (default 8787; 0 for a free one)
  --watch                keep collecting on the schedule until interrupted
  --json                 the last line on stdout is a JSON object; progress goes to stderr. With --serve the first
                         line is {"url","key"}
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
  return {
    tenant: readTenant(values.tenant ?? 'demo'),
    contentTypes: readContentTypes(values['content-types'] ?? 'all'),
    since: readSince(values.since ?? defaultSince, now),
    scope: readScope(values),
    console: readConsole(values.console, values['token-env'], environment, hostPolicy),
    stateDir: path.resolve(values['state-dir'] ?? '.sentinel-lake'),
    json: values.json ?? false,
    watch: (values.watch ?? false) || (values.serve ?? false),
    ...readServePort(values.serve, values.port),
  };
}

const defaultPort = 8787;

function readServePort(
  serve: boolean | undefined,
  port: string | undefined,
): Pick<StartOptions, 'servePort'> {
  if (serve !== true) {
    if (port !== undefined)
      throw new UsageError('--port: only goes with --serve; add it, or leave both out.');
    return {};
  }
  if (port === undefined) return { servePort: defaultPort };
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`--port: "${port}" is no port; write a number from 0 to 65535.`);
  return { servePort: Number(port) };
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
        ...scopeOptions,
        console: { type: 'string' },
        'token-env': { type: 'string' },
        'state-dir': { type: 'string' },
        json: { type: 'boolean' },
        watch: { type: 'boolean' },
        serve: { type: 'boolean' },
        port: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw wrongArguments(error, 'npm start -- --help');
  }
}
