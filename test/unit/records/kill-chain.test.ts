import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threats } from '../../../shared/content-types/threats.ts';
import type { Json } from '../../../shared/json.ts';
import { attackOf, type Exposure } from '../../../shared/records/attack/kill-chain.ts';
import { subTechniqueTitles } from '../../../shared/records/attack/sub-techniques.ts';
import { type Stage, stages, tactics } from '../../../shared/records/attack/tactics.ts';
import { techniqueTitle, techniqueTitles } from '../../../shared/records/attack/techniques.ts';
import { deriveRecord } from '../../../shared/records/derive-record.ts';
import { fieldAt } from '../../../shared/records/json-fields.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { indicatorsOf, source, threatWith } from './vendor-objects.ts';

const unmapped = {
  tactic: { id: 'XTA0001', name: 'XDR EBA' },
  technique: { id: 'unmapped', name: 'XDR Endpoint Indicator of Threat' },
};
const fallback = { stage: 'Persistent Foothold', ...unmapped };

/** The kill chain as it is documented: a tactic, its number and its stage. */
const documented = [
  ['Reconnaissance', 'TA0043', 'Initial Attempts'],
  ['Resource Development', 'TA0042', 'Initial Attempts'],
  ['Initial Access', 'TA0001', 'Initial Attempts'],
  ['Execution', 'TA0002', 'Persistent Foothold'],
  ['Persistence', 'TA0003', 'Persistent Foothold'],
  ['Privilege Escalation', 'TA0004', 'Propagation'],
  ['Defense Evasion', 'TA0005', 'Persistent Foothold'],
  ['Credential Access', 'TA0006', 'Propagation'],
  ['Discovery', 'TA0007', 'Exploration'],
  ['Lateral Movement', 'TA0008', 'Propagation'],
  ['Collection', 'TA0009', 'Exploration'],
  ['Command and Control', 'TA0011', 'Persistent Foothold'],
  ['Exfiltration', 'TA0010', 'Exfiltration & Impact'],
  ['Impact', 'TA0040', 'Exfiltration & Impact'],
] as const;
const exposures = ['internal', 'external'] as const;

/** The stage that is documented for a tactic. */
function documentedStage(name: string, exposure: Exposure): Stage {
  if (name === 'Credential Access' && exposure === 'external') return 'Initial Attempts';
  const [, , stage] = documented.find(([tactic]) => tactic === name) ?? [];
  if (stage === undefined) throw new Error(`${name} is not documented.`);
  return stage;
}

describe('the stage of a tactic', () => {
  it.each(documented)('%s', (name, id, stage) => {
    expect(attackOf(indicatorsOf([name]), 'internal')).toMatchObject({ stage, tactic: { id, name } });
  });

  it('is documented for all tactics of the table, and there are no others', () => {
    expect(tactics.map(({ name }) => name).toSorted()).toEqual(documented.map(([name]) => name).toSorted());
  });

  it('is another one for Credential Access from outside, and only for that', () => {
    const moved = tactics.filter(
      ({ name }) =>
        attackOf(indicatorsOf([name]), 'external').stage !== attackOf(indicatorsOf([name]), 'internal').stage,
    );
    expect(moved.map(({ name }) => name)).toEqual(['Credential Access']);
    expect(attackOf(indicatorsOf(['Credential Access']), 'external').stage).toBe('Initial Attempts');
  });

  it.each(['Command And Control', 'command-and-control', 'CommandAndControl', ' command and control '])(
    'is found under the spelling "%s"',
    (name) => {
      expect(attackOf(indicatorsOf([name]), 'internal').tactic).toEqual({
        id: 'TA0011',
        name: 'Command and Control',
      });
    },
  );
});

describe('every pair of a tactic and a technique of the tables', () => {
  const techniques = [...techniqueTitles.keys(), ...subTechniqueTitles.keys()];

  it.each(documented)('of %s stands where its tactic stands', (name, id) => {
    expect(techniques.length).toBeGreaterThan(150);
    for (const exposure of exposures) {
      for (const technique of techniques) {
        const pair = {
          tactic: { id, name },
          technique: { id: technique, name: techniqueTitle(technique) },
        };
        expect(attackOf(indicatorsOf([name, technique]), exposure)).toEqual({
          stage: documentedStage(name, exposure),
          ...pair,
          ttps: [pair],
        });
      }
    }
  });

  it('has a title: a sub-technique that of its technique in front', () => {
    for (const [id, title] of techniqueTitles) expect(techniqueTitle(id)).toBe(title);
    for (const [id, title] of subTechniqueTitles) {
      expect(techniqueTitle(id)).toBe(`${techniqueTitles.get(id.slice(0, 5))}: ${title}`);
    }
  });
});

describe('the stage of two tactics', () => {
  it.each(exposures)('is the later one, whichever comes first (%s)', (exposure) => {
    const stageOf = (...names: readonly string[]) =>
      attackOf(indicatorsOf(...names.map((name) => [name] as const)), exposure).stage;
    const rank = (name: string) => stages.indexOf(documentedStage(name, exposure));
    for (const [a] of documented) {
      for (const [b] of documented) expect(stageOf(a, b)).toBe(stages[Math.max(rank(a), rank(b))]);
    }
  });
});

describe('the alert of a threat', () => {
  const alertOf = (agentIpV4: string, ...names: readonly string[]) => {
    const vendor = threatWith(
      {},
      {
        agentDetectionInfo: { agentIpV4 },
        indicators: indicatorsOf(...names.map((name) => [name] as const)),
      },
    );
    return deriveRecord(threats, makeRecord(threats, vendor, source));
  };

  it.each([
    ['8.8.8.8', 'external'],
    ['10.0.0.1', 'internal'],
    ['169.254.1.1', 'internal'],
    ['100.64.0.1', 'internal'],
    ['', 'internal'],
  ] as const)('from the address "%s" is %s', (address, exposure) => {
    for (const [name] of documented) {
      expect(alertOf(address, name)).toMatchObject({
        xdr_event: { xdr_killchain_stage: documentedStage(name, exposure), tags: [exposure] },
      });
    }
  });

  it('that names no tactic is filed as one that the endpoint saw, from wherever it came', () => {
    for (const address of ['8.8.8.8', '10.0.0.1']) {
      expect(alertOf(address)).toMatchObject({
        xdr_event: { ...unmapped, xdr_killchain_stage: 'Persistent Foothold', ttps: [] },
      });
    }
  });

  it('that has Credential Access among others goes by the latest stage', () => {
    const stage = (address: string) =>
      fieldAt(alertOf(address, 'Credential Access', 'Discovery'), 'xdr_event', 'xdr_killchain_stage');
    expect(stage('10.0.0.1')).toBe('Propagation');
    expect(stage('8.8.8.8')).toBe('Exploration');
  });
});

describe('the headline', () => {
  it('is the tactic of the latest stage, with its own technique', () => {
    const attack = attackOf(
      indicatorsOf(['Defense Evasion', 'T1027'], ['Lateral Movement', 'T1021.002'], ['Discovery', 'T1082']),
      'internal',
    );
    expect(attack).toMatchObject({
      stage: 'Propagation',
      tactic: { id: 'TA0008', name: 'Lateral Movement' },
      technique: { id: 'T1021.002', name: 'Remote Services: SMB/Windows Admin Shares' },
    });
  });

  it('does not depend on the order in which the console lists the indicators', () => {
    const names = tactics.map(({ name }) => name);
    fc.assert(
      fc.property(
        fc
          .subarray(names, { minLength: 1 })
          .chain((some) =>
            fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
          ),
        fc.constantFrom('internal' as const, 'external' as const),
        ([some, shuffled], exposure) => {
          const [a, b] = [some, shuffled].map((list) =>
            attackOf(indicatorsOf(...list.map((name) => [name] as const)), exposure),
          );
          expect(b?.tactic).toEqual(a?.tactic);
          expect(b?.stage).toBe(a?.stage);
          for (const name of some) {
            const alone = attackOf(indicatorsOf([name]), exposure).stage;
            expect(stages.indexOf(alone)).toBeLessThanOrEqual(stages.indexOf(a?.stage ?? 'Initial Attempts'));
          }
        },
      ),
    );
  });

  it.each<[string, readonly Json[]]>([
    ['no indicators', []],
    ['no tactics', [{ tactics: [] }, { tactics: null }, {}]],
    ['nothing usable', [null, 'text', 7, { tactics: [null, 'x', { name: null, techniques: null }] }]],
  ])('falls back where there are %s', (_name, indicators) => {
    expect(attackOf(indicators, 'internal')).toEqual({ ...fallback, ttps: [] });
  });

  it('falls back to the unmapped technique where the tactic has none', () => {
    expect(attackOf(indicatorsOf(['Impact']), 'internal').technique).toEqual(fallback.technique);
  });
});

describe('the pairs', () => {
  it('are kept each once, in the order of the console', () => {
    const attack = attackOf(
      indicatorsOf(['Execution', 'T1059', 'T1059'], ['Impact', 'T1486'], ['Execution', 'T1059', 'T1106']),
      'internal',
    );
    expect(attack.ttps.map((pair) => JSON.stringify(pair))).toEqual(
      [
        {
          tactic: { id: 'TA0002', name: 'Execution' },
          technique: { id: 'T1059', name: 'Command and Scripting Interpreter' },
        },
        {
          tactic: { id: 'TA0040', name: 'Impact' },
          technique: { id: 'T1486', name: 'Data Encrypted for Impact' },
        },
        { tactic: { id: 'TA0002', name: 'Execution' }, technique: { id: 'T1106', name: 'Native API' } },
      ].map((pair) => JSON.stringify(pair)),
    );
  });

  it.each<[string, Json, Json]>([
    ['of a tactic never seen', { name: 'Stealth', source: 'MITRE' }, { name: 'Stealth' }],
    [
      'of another source, also under a name of ATT&CK',
      { name: 'Impact', source: 'DEFAULT' },
      { name: 'Impact' },
    ],
  ])('are kept %s, without becoming the headline', (_name, tactic, kept) => {
    const attack = attackOf([{ tactics: [tactic] }, ...indicatorsOf(['Initial Access'])], 'internal');
    expect(attack.tactic).toEqual({ id: 'TA0001', name: 'Initial Access' });
    expect(attack.ttps).toEqual([{ tactic: kept }, { tactic: { id: 'TA0001', name: 'Initial Access' } }]);
    expect(attackOf([{ tactics: [tactic] }], 'internal')).toEqual({ ...fallback, ttps: [{ tactic: kept }] });
  });

  it.each([undefined, null, '', 'MITRE', 'mitre', 'MITRE ATT&CK'])(
    'count for ATT&CK with the source %s',
    (source) => {
      const attack = attackOf([{ tactics: [{ name: 'Impact', source }] }], 'internal');
      expect(attack.stage).toBe('Exfiltration & Impact');
    },
  );

  it.each<[Json, Json]>([
    [{ name: 'T1053.005' }, { id: 'T1053.005', name: 'Scheduled Task/Job: Scheduled Task' }],
    [{ name: 't1047' }, { id: 'T1047', name: 'Windows Management Instrumentation' }],
    ['T1105', { id: 'T1105', name: 'Ingress Tool Transfer' }],
    [{ name: 'T1055.099' }, { id: 'T1055.099', name: 'T1055.099' }],
    [{ name: 'T9999' }, { id: 'T9999', name: 'T9999' }],
    [{ name: 'Custom behaviour' }, { name: 'Custom behaviour' }],
  ])('have the technique %j', (technique, expected) => {
    const attack = attackOf(
      [{ tactics: [{ name: 'Impact', techniques: [technique, null, {}] }] }],
      'internal',
    );
    expect(attack.ttps).toEqual([{ tactic: { id: 'TA0040', name: 'Impact' }, technique: expected }]);
    expect(attack.technique).toEqual(expected);
  });
});

describe('the title of a technique', () => {
  it.each(['', 'T0000', 'toString', 'T1059.', 'T1059.999'])('is unknown for "%s"', (id) => {
    expect(techniqueTitle(id)).toBeUndefined();
  });
});
