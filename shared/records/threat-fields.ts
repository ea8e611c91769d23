import type { Json, JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { type HostAddresses, hostAddresses } from './addresses.ts';
import { detectionCategory } from './detection-category.ts';
import { fileFields } from './file-fields.ts';
import { hostFields } from './host-fields.ts';
import { enumAt, fieldAt, listAt, presentFields, textAt } from './json-fields.ts';
import { interfaceAddresses, macOfHost } from './network-interfaces.ts';
import { organizationFields } from './organization-fields.ts';
import { severityBand } from './score-rule.ts';
import { threatScore } from './threat-score.ts';

/**
 * The normalised fields of a threat. Whose host it is comes from `agentRealtimeInfo`, because `agentDetectionInfo`
 * is all null on old threats; addresses come from `agentDetectionInfo` first, because they were the host's when it
 * happened.
 */
export function threatFields(threat: JsonObject): JsonObject {
  const { ip, list } = addressesOf(threat);
  const hostName = textAt(threat, 'agentRealtimeInfo', 'agentComputerName');
  return presentFields({
    host: hostFields({
      name: hostName,
      agentId: textAt(threat, 'agentRealtimeInfo', 'agentId'),
      domain: agentText(threat, 'agentDomain'),
      osName: agentText(threat, 'agentOsName'),
      osType: textAt(threat, 'agentRealtimeInfo', 'agentOsType'),
      osVersion: agentText(threat, 'agentOsRevision'),
    }),
    hostip: ip,
    hostip_host: ip === undefined ? undefined : hostName,
    hostip_list: list,
    // The endpoint is the only source that an endpoint agent's detection has.
    srcip: ip,
    srcip_host: ip === undefined ? undefined : hostName,
    mac: macOfHost(interfacesOf(threat), ip),
    user: userOf(threat),
    file: fileFields({
      path: textAt(threat, 'threatInfo', 'filePath'),
      md5: textAt(threat, 'threatInfo', 'md5'),
      sha1: textAt(threat, 'threatInfo', 'sha1'),
      sha256: textAt(threat, 'threatInfo', 'sha256'),
    }),
    process: presentFields({ executable: textAt(threat, 'threatInfo', 'originatorProcess') }),
    event: eventFields(threat),
    ...organizationFields((name) => agentText(threat, name)),
  });
}

function userOf(threat: JsonObject): JsonObject {
  return userFields(
    textAt(threat, 'threatInfo', 'processUser') ??
      textAt(threat, 'agentDetectionInfo', 'agentLastLoggedInUserName'),
  );
}

function eventFields(threat: JsonObject): JsonObject {
  return presentFields({
    category: detectionCategory(enumAt(threat, 'threatInfo', 'classification')),
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
