import { recordId } from './ids.ts';
import type { Group, Organisation } from './organisation.ts';
import { draws, purpose } from './random.ts';
import { hostStems, type OperatingSystem, operatingSystems } from './vocabulary.ts';

/** What a host keeps through all its revisions. */
export interface AgentIdentity {
  readonly record: number;
  readonly id: string;
  readonly uuid: string;
  readonly computerName: string;
  readonly domain: string;
  readonly machineType: string;
  readonly os: OperatingSystem;
  readonly group: Group;
  readonly ipV4: readonly string[];
  readonly ipV6: readonly string[];
  readonly externalIp: string;
  readonly mac: string;
  readonly interfaceId: string;
  /** Microseconds. */
  readonly enrolledUs: number;
  /** Hosts that end as decommissioned or uninstalled do so with their last planned change. */
  readonly fate: 'stays' | 'decommissioned' | 'uninstalled';
}

/** A pure function of its arguments. `enrolledUs` in microseconds. */
export function agentIdentity(
  seed: number,
  record: number,
  enrolledUs: number,
  organisation: Organisation,
): AgentIdentity {
  const draw = draws(seed, purpose.agentIdentity, record);
  const os = draw.pick(operatingSystems);
  const fate = draw.next();
  const hex = draw.hex(32);
  const net = draw.below(200);
  const ipV4 = [`10.${net}.${(record >> 8) & 255}.${record & 255}`];
  if (draw.chance(0.2)) ipV4.push(`192.168.56.${1 + draw.below(250)}`);
  const ipV6 = draw.chance(0.5) ? [`fe80::${hex.slice(0, 4)}:${hex.slice(4, 8)}`] : [];
  if (draw.chance(0.2)) ipV6.push('::1');
  const separator = draw.chance(0.5) ? ':' : '-';
  return {
    record,
    id: recordId(enrolledUs, record),
    uuid: os.type === 'linux' ? dashed(hex) : hex,
    computerName: `${draw.pick(hostStems)}-${String(record).padStart(5, '0')}`,
    domain: draw.pick(['WORKGROUP', 'HARBOUR', 'corp.öresund.example', '']),
    machineType: draw.pick(os.machines),
    os,
    group: organisation.homeOf(record),
    ipV4,
    ipV6,
    externalIp: `203.0.113.${draw.below(256)}`,
    mac: (draw.hex(12).match(/../g) ?? []).join(separator),
    interfaceId: recordId(enrolledUs + 1_000, record),
    enrolledUs,
    fate: fate < 0.08 ? 'decommissioned' : fate < 0.11 ? 'uninstalled' : 'stays',
  };
}

function dashed(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
