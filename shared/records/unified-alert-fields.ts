import type { Json, JsonObject } from '../json.ts';
import { userFields } from './account-name.ts';
import { hostAddress, hostAddresses } from './addresses.ts';
import { detectionCategory } from './detection-category.ts';
import { baseName, type FileFacts, fileFields } from './file-fields.ts';
import { hostFields } from './host-fields.ts';
import { enumAt, fieldAt, listAt, presentFields, textAt } from './json-fields.ts';
import { knownTextAt } from './known-text.ts';
import { organizationFields } from './organization-fields.ts';
import { reviewedSeverity } from './reviewed-severity.ts';

/**
 * The normalised fields of a unified alert. Its host is the first of its assets that is one; assets have ids of their own, which
 * are not agents' ids, so `host.id` is not known. Who attacked it is the source and the host the destination; without an attacker the
 * host is the only source that there is, as it is of a threat.
 */
export function unifiedAlertFields(alert: JsonObject): JsonObject {
  const asset = listAt(alert, 'assets').find((candidate) => !isIdentity(candidate));
  const then = fieldAt(alert, 'detectionTime', 'asset');
  const hostName = knownTextAt(asset, 'name');
  const { list } = hostAddresses(fieldAt(then, 'ipV4'), fieldAt(then, 'ipV6'));
  const hostip = hostAddress(...list);
  const hostipName = hostip === undefined ? undefined : hostName;
  const file = fileOf(alert);
  const fileName = textAt(alert, 'process', 'file', 'name');
  return presentFields({
    host: hostFields({
      name: hostName,
      domain: textAt(then, 'domain'),
      osName: textAt(then, 'osName'),
      osType: osTypeOf(asset) ?? osTypeOf(then),
      osVersion: textAt(then, 'osRevision') ?? textAt(asset, 'osVersion'),
    }),
    hostip,
    hostip_host: hostipName,
    hostip_list: list,
    ...endsOf(alert, hostip, hostipName),
    user: userOf(alert, asset),
    // The alert has a field `process` of its own, which stays as it is.
    process_name: fileName ?? baseName(file.path),
    parent_proc_name: textAt(alert, 'process', 'parentName'),
    file: { ...presentFields({ name: fileName }), ...fileFields(file) },
    event: presentFields({
      category: detectionCategory(enumAt(alert, 'classification')),
      severity_str: reviewedSeverity(enumAt(alert, 'severity'), enumAt(alert, 'analystVerdict')),
      description: knownTextAt(alert, 'description') ?? textAt(alert, 'name'),
    }),
    storyline: textAt(alert, 'storylineId'),
    ...organizationFields((name) => organizationText(alert, name)),
  });
}

function endsOf(alert: JsonObject, hostip: string | undefined, hostipName: string | undefined): JsonObject {
  const attackerIp = hostAddress(fieldAt(alert, 'detectionTime', 'attacker', 'ip'));
  if (attackerIp === undefined) return { srcip: hostip, srcip_host: hostipName };
  return {
    srcip: attackerIp,
    srcip_host: textAt(alert, 'detectionTime', 'attacker', 'host'),
    dstip: hostip,
    dstip_host: hostipName,
  };
}

/** Somebody, and not a host. */
function isIdentity(asset: Json): boolean {
  return enumAt(asset, 'category') === 'identity';
}

/** Whom the alert is about, else who was logged in. */
function userOf(alert: JsonObject, asset: Json | undefined): JsonObject {
  const target = fieldAt(alert, 'detectionTime', 'targetUser');
  const name = textAt(target, 'name');
  if (name !== undefined)
    return { ...presentFields({ domain: textAt(target, 'domain') }), ...userFields(name) };
  return userFields(
    textAt(listAt(alert, 'assets').find(isIdentity), 'name') ??
      textAt(alert, 'detectionTime', 'asset', 'lastLoggedInUser') ??
      textAt(asset, 'lastLoggedInUser'),
  );
}

function fileOf(alert: JsonObject): FileFacts {
  const text = (name: string) => textAt(alert, 'process', 'file', name);
  return { path: text('path'), md5: text('md5'), sha1: text('sha1'), sha256: text('sha256') };
}

/** `WINDOWS` is `windows` everywhere else. */
function osTypeOf(asset: Json | undefined): string | undefined {
  const type = enumAt(asset, 'osType');
  return type === 'unknown' ? undefined : type;
}

/** Where it belongs now, else where it belonged then. */
function organizationText(alert: JsonObject, name: string): string | undefined {
  const [, level = '', part = ''] = /^(account|site|group)(Id|Name)$/.exec(name) ?? [];
  return (
    textAt(alert, 'realTime', 'scope', level, part.toLowerCase()) ??
    textAt(alert, 'detectionTime', 'scope', name)
  );
}
