import { type TakeTurn, turns } from '../../../../local/stack/turns.ts';
import { type ActionWatch, watchActions } from '../action-watch.ts';
import { type ApiClient, newCaller, newConnector } from '../api-client.ts';
import { type ConsoleClient, consoleClient } from '../console-client.ts';
import { type ServedStack, servedStack } from '../served-stack.ts';
import { type Subjects, subjectsOf } from './subjects.ts';

/** Tenants with their rules: none, everything protected, everything to be approved. */
export const tenants = { free: 'free', guarded: 'guarded', asking: 'asking' } as const;

/** The ids of the connectors that actions are asked of. */
export interface MatrixConnectors {
  readonly free: string;
  /** Its token may only look. */
  readonly viewer: string;
  /** As well, and for what nothing is sent for: the console's limits are per token, so that others need not wait for it. */
  readonly looking: string;
  /** Kept to a site that no subject is in. */
  readonly elsewhere: string;
  readonly guarded: string;
  readonly asking: string;
}

/** All that the situations of the matrix share: one stack, one console, several callers. */
export interface MatrixWorld {
  readonly served: ServedStack;
  readonly console: ConsoleClient;
  readonly subjects: Subjects;
  readonly connectors: MatrixConnectors;
  /** Asks for actions. */
  readonly soar: ApiClient;
  /** Who asks waits for their turn, so that whoever looks what became of others need not wait for all of them. */
  readonly takeTurn: TakeTurn;
  /** Approves them. */
  readonly approver: ApiClient;
  readonly reader: ApiClient;
  readonly watch: ActionWatch;
  /** The site that `elsewhere` is kept to. */
  readonly otherSite: string;
  close(): Promise<void>;
}

/** Everything happens within two seconds, so that the first look finds most of it. */
const quick = {
  activityDelayMs: 100,
  reactionMs: 200,
  networkMs: 300,
  scanMs: 500,
  restartMs: 300,
  mitigationMs: 300,
  logsMs: 300,
};

const askedAtOnce = 6;

const size = { threats: 1_500, agents: 800, starAlerts: 500, threatEventsPerThreat: 0, installs: 0 };

export async function matrixWorld(): Promise<MatrixWorld> {
  const served = await servedStack({ ...size, limits: { mayAct: true }, deedTiming: quick });
  const { admin } = served;
  const url = () => served.url;
  const console = consoleClient(served.console);
  const [somebody] = await console.list('/agents');
  const otherSite = String(somebody?.['siteId']);
  const { tokens, url: hostUrl } = served.console;
  const connect = (tenant: string, name: string, apiToken: string, siteIds: readonly string[] = []) =>
    newConnector(admin, { tenant, name, hostUrl, apiToken, siteIds });
  const everything = { name: 'Everything', computerNames: ['*'] };
  const all = { name: 'Four eyes', dangers: ['console', 'endpoint', 'disruptive', 'isolating'] };
  const policy = (tenant: string, settings: object) =>
    admin.ok('PUT', `/v1/tenants/${tenant}/response-policy`, { isolationsPerHour: 1_000, ...settings });
  await policy(tenants.free, {});
  await policy(tenants.guarded, { safelist: [everything] });
  await policy(tenants.asking, { approvals: [all] });
  const watcher = await newCaller(admin, url, 'watcher', ['read']);
  const watch = watchActions(watcher, Object.values(tenants));
  return {
    served,
    console,
    otherSite,
    watch,
    subjects: await subjectsOf(console),
    connectors: {
      free: await connect(tenants.free, 'edr', tokens.admin),
      viewer: await connect(tenants.free, 'viewer', tokens.viewer),
      looking: await connect(tenants.free, 'looking', tokens.withoutDeepVisibility),
      elsewhere: await connect(tenants.free, 'elsewhere', tokens.withoutDeepVisibility, [otherSite]),
      guarded: await connect(tenants.guarded, 'edr', tokens.limited),
      asking: await connect(tenants.asking, 'edr', tokens.limited),
    },
    soar: await newCaller(admin, url, 'soar'),
    takeTurn: turns(askedAtOnce),
    approver: await newCaller(admin, url, 'approver'),
    reader: await newCaller(admin, url, 'reader', ['read']),
    async close() {
      await watch.stop();
      await served.close();
    },
  };
}

/** The verbs of what the stack has done to a subject. */
export function deedsTo(ids: readonly string[], { served }: Pick<MatrixWorld, 'served'>): readonly string[] {
  const own = served.console.deeds.filter(({ token }) => token !== 'extra');
  return own.filter((deed) => deed.ids.some((id) => ids.includes(id))).map(({ verb }) => verb);
}
