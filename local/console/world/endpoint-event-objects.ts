import { both, type EventFacts, type EventField, lake, old, verbose } from './endpoint-event-field.ts';
import type { Draws } from './random.ts';
import { maliciousFiles, techniques, userNames } from './vocabulary.ts';

/** What an event tells about the thing that it happened to, by its object type. */
const fieldsOf: Readonly<Record<string, (facts: EventFacts, draw: Draws) => readonly EventField[]>> = {
  process: target,
  cross_process: target,
  command_script: (_, draw) => [
    lake('cmdScript.content', draw.pick(['Get-ChildItem -Path "C:\\Ünïcode"', 'whoami /all', 'echo 🐚'])),
    verbose('srcProcCmdScript', draw.pick(['whoami /all', ''])),
  ],
  ip: ({ type, host }, draw) => [
    both('srcIp', 'src.ip.address', host.ipV4[0] ?? ''),
    both('srcPort', 'src.port.number', 1_024 + draw.below(60_000)),
    both(
      'dstIp',
      'dst.ip.address',
      type.name === 'IP Listen' ? '' : draw.pick(['198.51.100.23', '2001:db8::17']),
    ),
    both('dstPort', 'dst.port.number', draw.pick([443, 53, 445, 8_443, 0])),
    both('direction', 'event.network.direction', draw.pick(['OUTGOING', 'INCOMING'])),
    both('connectionStatus', 'event.network.connectionStatus', draw.pick(['SUCCESS', 'FAILURE', 'BLOCKED'])),
  ],
  file: (facts, draw) => file(facts, draw),
  logins: (_, draw) => [
    both('loginsBaseType', 'event.login.type', draw.pick(['NETWORK', 'INTERACTIVE', 'SYSTEM'])),
    both('loginsUserName', 'event.login.userName', draw.pick(userNames)),
    lake('event.login.loginIsSuccessful', draw.chance(0.9)),
  ],
  url: ({ type }, draw) => [
    both(
      'networkUrl',
      'url.address',
      draw.pick(['https://example.net/päckchen?id=7', 'http://198.51.100.9/', '']),
    ),
    both('networkMethod', 'event.url.action', type.name),
    old('networkSource', draw.pick(['Edge Chromium', 'WinHTTP', ''])),
  ],
  dns: ({ type }, draw) => [
    both(
      'dnsRequest',
      'event.dns.request',
      draw.pick(['updates.example.org', 'xn--bcher-kva.example', 'dc01.harbour.example']),
    ),
    both(
      'dnsResponse',
      'event.dns.response',
      type.name === 'DNS Unresolved' ? '' : '198.51.100.23;type:  5 edge.example.org;',
    ),
  ],
  scheduled_task: (_, draw) => [
    both(
      'taskName',
      'task.name',
      draw.pick(['\\Microsoft\\Windows\\UpdateOrchestrator\\Reboot', '\\Nächtlicher Abgleich']),
    ),
    both('taskPath', 'task.path', draw.pick([null, 'C:\\Windows\\System32\\usoclient.exe'])),
  ],
  registry: (_, draw) => [
    both('registryId', 'registry.keyUid', draw.hex(16).toUpperCase()),
    both(
      'registryPath',
      'registry.keyPath',
      draw.pick([
        'MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Öffner',
        'USER\\S-1-5-18\\Environment',
      ]),
    ),
  ],
  indicators: (_, draw) => {
    const technique = draw.pick(techniques);
    return [
      both('indicatorCategory', 'indicator.category', technique.category),
      both('indicatorDescription', 'indicator.description', technique.description),
      both('indicatorName', 'indicator.name', technique.tactic.replaceAll(' ', '')),
      both('indicatorMetadata', 'indicator.metadata', draw.pick(['', '{"score": 7, "path": "C:\\\\temp"}'])),
    ];
  },
  module: (_, draw) => [
    verbose('modulePath', 'C:\\Windows\\System32\\ntdll.dll', 'module.path'),
    verbose('moduleSha1', draw.hex(40), 'module.sha1'),
  ],
};

/** Files are null where there are none; everything else is absent. */
export function objectFields(facts: EventFacts, draw: Draws): readonly EventField[] {
  const { objectType } = facts.type;
  const own = fieldsOf[objectType]?.(facts, draw) ?? [];
  if (objectType === 'file') return own;
  return [
    ...own,
    old('sha1', null),
    both('fileMd5', 'tgt.file.md5', null),
    both('fileSha256', 'tgt.file.sha256', null),
  ];
}

function target(_: EventFacts, draw: Draws): readonly EventField[] {
  return [
    verbose('tgtProcName', draw.pick(['conhost.exe', 'lsass.exe', 'node', null]), 'tgt.process.name'),
    verbose('tgtProcPid', 4 + 4 * draw.below(8_000), 'tgt.process.pid'),
    verbose('tgtProcUid', draw.hex(16).toUpperCase(), 'tgt.process.uid'),
    verbose(
      'tgtProcIsRedirectCmdProcessor',
      draw.pick([true, false, null]),
      'tgt.process.isRedirectCmdProcessor',
    ),
  ];
}

function file({ type, host }: EventFacts, draw: Draws): readonly EventField[] {
  const sample = draw.pick(maliciousFiles);
  const path = host.os.type.startsWith('windows')
    ? `C:\\Users\\müller\\${sample.folder}\\${sample.name}`
    : `/home/müller/${sample.name}`;
  const isRename = type.name === 'File Rename';
  const sha1 = draw.chance(0.1) ? '' : draw.hex(40);
  return [
    both('fileFullName', 'tgt.file.path', path),
    both('fileId', 'tgt.file.id', draw.hex(16).toUpperCase()),
    both('fileMd5', 'tgt.file.md5', draw.chance(0.5) ? null : draw.hex(32)),
    both('fileSha1', 'tgt.file.sha1', sha1),
    both('fileSha256', 'tgt.file.sha256', draw.chance(0.5) ? null : draw.hex(64)),
    both('fileSize', 'tgt.file.size', draw.below(4_000_000)),
    both('fileType', 'tgt.file.type', draw.pick([sample.extensionType, 'PE', 'UNKNOWN'])),
    both('oldFileName', 'tgt.file.oldPath', isRename ? `${path}.tmp` : null),
    both('oldFileSha1', 'tgt.file.oldSha1', isRename ? sha1 : null),
    old('md5', null),
    old('sha1', sha1),
    old('oldFileMd5', null),
    verbose('tgtFilePath', path),
    verbose('tgtFileIsSigned', draw.pick(['signed', 'unsigned', null]), 'tgt.file.isSigned'),
  ];
}
