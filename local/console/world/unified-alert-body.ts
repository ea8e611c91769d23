import type { Json, JsonObject } from '../../../shared/json.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { formatMicros } from './micro-time.ts';
import { type Draws, draws, purpose } from './random.ts';
import type { UnifiedAlertState } from './unified-alert-state.ts';
import type { UnifiedAlertFacts } from './unified-alerts.ts';
import { agentVersions, analysts, userNames } from './vocabulary.ts';

/** Everything that a unified alert's body is made from. Times in microseconds. */
export interface UnifiedAlertParts {
  readonly seed: number;
  readonly record: number;
  readonly id: string;
  readonly createdUs: number;
  readonly updatedUs: number | null;
  readonly lastSeenUs: number;
  readonly facts: UnifiedAlertFacts;
  readonly state: UnifiedAlertState;
  readonly host: AgentIdentity;
}

/** The alert with every field that a list of alerts can be asked for. */
export function unifiedAlertBody(parts: UnifiedAlertParts): JsonObject {
  const { facts, state, host, record } = parts;
  const { origin } = facts;
  const draw = draws(parts.seed, purpose.unifiedAlertBody, record, 3);
  const isOnHost = origin.surface === 'ENDPOINT' || origin.surface === 'CLOUD';
  const own = asset(parts, draw, isOnHost);
  const analyst = draw.pick(analysts);
  const { site } = host.group;
  return {
    id: parts.id,
    externalId: draw.chance(0.9) ? facts.externalId : null,
    name: facts.name,
    description: draw.pick([
      null,
      '',
      'Jemand hat „etwas“ ausgeführt 🔎',
      'A rule matched.\nSee the process.',
    ]),
    severity: facts.severity,
    status: state.status,
    result: state.result,
    analystVerdict: state.analystVerdict,
    classification: facts.classification,
    confidenceLevel: facts.confidenceLevel,
    detectedAt: time(facts.detectedUs),
    createdAt: time(parts.createdUs),
    firstSeenAt: time(facts.firstSeenUs),
    lastSeenAt: time(parts.lastSeenUs),
    updatedAt: time(parts.updatedUs),
    noteExists: state.noteExists,
    ticketId: state.hasTicket ? `SOC-${record}` : null,
    storylineId: isOnHost ? draw.hex(16).toUpperCase() : draw.pick([null, '']),
    exclusionHash: draw.pick([null, draw.hex(40)]),
    labels: draw.pick<Json>([null, [], ['crown-jewels', 'Büro 🏢']]),
    attackSurfaces: [origin.surface],
    dataSources: [origin.dataSource],
    availableActionIds: draw.pick<Json>([null, ['S1/alert/statusUpdate', 'S1/alert/addNote']]),
    assignee: state.isAssigned
      ? {
          userId: String(9_000_000_000 + record),
          fullName: analyst,
          email: draw.pick([null, 'soc@harbour.example']),
        }
      : null,
    aiInvestigation: draw.pick<Json>([
      null,
      { purpleAiStatus: null, status: 'COMPLETED', verdict: 'SUSPICIOUS' },
    ]),
    analytics:
      origin.analytics === null
        ? null
        : {
            category: draw.pick(['Rule', 'Behavioral AI', null]),
            name: draw.pick([facts.name, null]),
            typeValue: origin.analytics,
            uid: draw.pick([null, draw.hex(8)]),
          },
    detectionSource: { product: origin.product, vendor: origin.vendor },
    asset: own,
    assets: own === null ? [] : [own],
    detectionTime: {
      asset: isOnHost ? detectedAsset(host, draw) : null,
      attacker: draw.pick<Json>([null, { host: null, ip: '198.51.100.77' }, { host: 'kiosk-ü1', ip: '' }]),
      cloud: origin.surface === 'CLOUD' ? cloud(draw) : null,
      kubernetes: origin.surface === 'CLOUD' ? kubernetes(draw) : null,
      scope: {
        accountId: site.account.id,
        accountName: site.account.name,
        groupId: host.group.id,
        groupName: host.group.name,
        siteId: site.id,
        siteName: site.name,
      },
      targetUser:
        origin.surface === 'IDENTITY'
          ? {
              displayName: null,
              domain: host.domain,
              emailAddress: draw.pick([null, 'zoe@harbour.example']),
              name: draw.pick(userNames),
            }
          : null,
    },
    realTime: {
      scope: {
        account: { id: site.account.id, name: site.account.name },
        group: draw.chance(0.9) ? { id: host.group.id, name: host.group.name } : null,
        site: { id: site.id, name: site.name },
      },
    },
    process: isOnHost && draw.chance(0.8) ? process(draw) : null,
  };
}

/** Three digits; null where there is no time. */
function time(us: number | null): string | null {
  return us === null ? null : formatMicros(us, 3);
}

function asset({ host, record, facts }: UnifiedAlertParts, draw: Draws, isOnHost: boolean): Json {
  const common = {
    accessible: true,
    connectivityToConsole: null,
    decommissioned: false,
    lastLoggedInUser: draw.pick([...userNames, null]),
    origin: draw.pick(['Sentinel', null]),
    pendingReboot: draw.pick([true, false, null]),
    policy: draw.pick(['PROTECT', 'DETECT', null]),
    role: null,
    status: draw.pick(['Active', null]),
  };
  if (isOnHost)
    return {
      ...common,
      agentUuid: host.uuid,
      agentVersion: draw.pick(agentVersions),
      assetTypeClassifier: draw.pick(['ENDPOINT', null]),
      category: 'Device',
      connectivityToConsole: draw.pick(['ONLINE', 'OFFLINE', null]),
      decommissioned: host.fate === 'decommissioned',
      id: host.id,
      name: host.computerName,
      osType: host.os.type.toUpperCase(),
      osVersion: `${host.os.name} ${host.os.revision}`,
      subcategory: draw.pick(['Workstation', 'Server', null]),
      type: host.machineType,
    };
  if (draw.chance(0.2)) return null;
  return {
    ...common,
    agentUuid: null,
    agentVersion: null,
    assetTypeClassifier: null,
    category: facts.origin.surface === 'IDENTITY' ? 'Identity' : 'Unknown Device',
    id: `asset-${record}`,
    name: draw.pick([...userNames, 'Unknown Device']),
    osType: 'UNKNOWN',
    osVersion: null,
    subcategory: null,
    type: null,
  };
}

function detectedAsset(host: AgentIdentity, draw: Draws): Json {
  return {
    agentVersion: draw.pick(agentVersions),
    consoleIpAddress: draw.pick([host.externalIp, null]),
    domain: host.domain,
    ipV4: draw.pick([host.ipV4.join(','), host.ipV4[0] ?? '', null]),
    ipV6: host.ipV6.join(','),
    lastLoggedInUser: draw.pick(userNames),
    osName: host.os.name,
    osRevision: host.os.revision,
    osType: host.os.type.toUpperCase(),
    policy: draw.pick(['PROTECT', 'DETECT']),
    subscriptionTime: formatMicros(host.enrolledUs, 3),
  };
}

function cloud(draw: Draws): Json {
  return {
    accountId: '123456789012',
    cloudProvider: 'AWS',
    image: null,
    instanceId: `i-${draw.hex(17)}`,
    instanceSize: 'm7g.large',
    location: 'eu-north-1',
    network: null,
    tags: draw.pick<Json>([null, [], ['team=netz']]),
  };
}

function kubernetes(draw: Draws): Json {
  const isKnown = draw.chance(0.5);
  return {
    clusterName: isKnown ? 'prod-malmö' : null,
    containerId: null,
    containerImageName: isKnown ? 'registry.example/shop/web:1.8' : null,
    containerLabels: null,
    containerName: isKnown ? 'web' : null,
    controllerLabels: null,
    controllerName: null,
    controllerType: null,
    namespaceLabels: null,
    namespaceName: isKnown ? '' : null,
    nodeLabels: null,
    nodeName: null,
    podLabels: isKnown ? ['app:web'] : null,
    podName: null,
  };
}

function process(draw: Draws): Json {
  const isFileless = draw.chance(0.2);
  return {
    cmdLine: draw.pick([null, '', 'powershell.exe -enc 4pyT', '"C:\\Ünïcode\\a.exe" /q']),
    file: isFileless
      ? null
      : {
          certSubject: draw.pick([null, '', 'CN=Fjällsoft AB']),
          md5: draw.pick([null, draw.hex(32)]),
          name: draw.pick(['a.exe', '請求書.pdf.js', '']),
          path: draw.pick(['C:\\Users\\müller\\a.exe', '/tmp/x', null]),
          sha1: draw.pick([draw.hex(40), '', null]),
          sha256: draw.pick([draw.hex(64), null]),
        },
    parentName: draw.pick(['explorer.exe', 'systemd', '', null]),
  };
}
