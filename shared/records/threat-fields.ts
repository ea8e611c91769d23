import type { Json, JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { type HostAddresses, hostAddresses } from './addresses.ts';
import { enumAt, fieldAt, listAt, presentFields, textAt } from './json-fields.ts';
import { interfaceAddresses, macOfHost } from './network-interfaces.ts';
import { severityBand, threatScore } from './threat-score.ts';

/**
 * The normalised fields of a threat. Whose host it is comes from `agentRealtimeInfo`, because `agentDetectionInfo`
 * is all null on old threats; addresses come from `agentDetectionInfo` first, because they were the host's when it
 * happened.
 */
export function threatFields(threat: JsonObject): JsonObject {
  const { ip, list } = addressesOf(threat);
  const hostName = textAt(threat, 'agentRealtimeInfo', 'agentComputerName');
  return presentFields({
    host: hostFields(threat),
    hostip: ip,
    hostip_host: ip === undefined ? undefined : hostName,
    hostip_list: list,
    // The endpoint is the only source that an endpoint agent's detection has.
    srcip: ip,
    srcip_host: ip === undefined ? undefined : hostName,
    mac: macOfHost(interfacesOf(threat), ip),
    user: userOf(threat),
    file: fileFields(threat),
    process: presentFields({ executable: textAt(threat, 'threatInfo', 'originatorProcess') }),
    event: eventFields(threat),
    organization: presentFields({
      id: agentText(threat, 'accountId'),
      name: agentText(threat, 'accountName'),
    }),
    labels: presentFields({
      site_id: agentText(threat, 'siteId'),
      site_name: agentText(threat, 'siteName'),
      group_id: agentText(threat, 'groupId'),
      group_name: agentText(threat, 'groupName'),
    }),
  });
}

function hostFields(threat: JsonObject): JsonObject {
  const name = textAt(threat, 'agentRealtimeInfo', 'agentComputerName');
  return presentFields({
    name,
    hostname: name,
    id: textAt(threat, 'agentRealtimeInfo', 'agentId'),
    domain: agentText(threat, 'agentDomain'),
    os: presentFields({
      name: agentText(threat, 'agentOsName'),
      type: textAt(threat, 'agentRealtimeInfo', 'agentOsType'),
      version: agentText(threat, 'agentOsRevision'),
    }),
  });
}

function userOf(threat: JsonObject): JsonObject {
  return userFields(
    textAt(threat, 'threatInfo', 'processUser') ??
      textAt(threat, 'agentDetectionInfo', 'agentLastLoggedInUserName'),
  );
}

function fileFields(threat: JsonObject): JsonObject {
  const path = textAt(threat, 'threatInfo', 'filePath');
  return presentFields({
    name: path === undefined ? undefined : baseName(path),
    path,
    hash: presentFields({
      md5: textAt(threat, 'threatInfo', 'md5'),
      sha1: textAt(threat, 'threatInfo', 'sha1'),
      sha256: textAt(threat, 'threatInfo', 'sha256'),
    }),
  });
}

function eventFields(threat: JsonObject): JsonObject {
  return presentFields({
    category: malwareClasses.has(enumAt(threat, 'threatInfo', 'classification') ?? '') ? 'malware' : 'threat',
    severity_str: severityBand(threatScore(fieldAt(threat, 'threatInfo')).severity),
    description: threatDescription(threat),
  });
}

/** What the agent saw, in the console's own words; else what it calls the threat. */
export function threatDescription(threat: JsonObject): string | undefined {
  const seen = listAt(threat, 'indicators')
    .map((indicator) => textAt(indicator, 'description')?.trim())
    .filter((description) => description !== undefined);
  if (seen.length > 0) return [...new Set(seen)].join('; ');
  const named = [textAt(threat, 'threatInfo', 'classification'), textAt(threat, 'threatInfo', 'threatName')];
  return named.filter((text) => text !== undefined).join(': ');
}

/** The host's first address when the threat was detected; else one that it has now. */
function addressesOf(threat: JsonObject): HostAddresses {
  return hostAddresses(
    fieldAt(threat, 'agentDetectionInfo', 'agentIpV4'),
    fieldAt(threat, 'agentDetectionInfo', 'agentIpV6'),
    ...interfaceAddresses(interfacesOf(threat)),
  );
}

function interfacesOf(threat: JsonObject): readonly Json[] {
  return listAt(threat, 'agentRealtimeInfo', 'networkInterfaces');
}

function agentText(threat: JsonObject, name: string): string | undefined {
  return textAt(threat, 'agentRealtimeInfo', name) ?? textAt(threat, 'agentDetectionInfo', name);
}

/** A POSIX path may hold a backslash in a name; a Windows path holds no slash. */
function baseName(path: string): string {
  const separator = path.startsWith('/') ? '/' : '\\';
  return path.slice(path.lastIndexOf(separator) + 1);
}

/** Classifications that say there is a malicious program; the rest (Exploit, Manual, …) say what somebody did. */
const malwareClasses: ReadonlySet<string> = new Set([
  'malware',
  'trojan',
  'ransomware',
  'virus',
  'worm',
  'rootkit',
  'backdoor',
  'downloader',
  'dropper',
  'infostealer',
  'spyware',
  'cryptominer',
  'hacktool',
  'adware',
  'pua',
  'pup',
  'potentially_unwanted_application',
]);
