import { describe, expect, it } from 'vitest';
import { threats } from '../../../shared/content-types/threats.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { deriveRecord } from '../../../shared/records/derive-record.ts';
import { makeRecord } from '../../../shared/records/make-record.ts';
import { indicatorsOf, source, threatWith } from './vendor-objects.ts';

function alertOf(vendor: JsonObject): JsonObject | undefined {
  return deriveRecord(threats, makeRecord(threats, vendor, source));
}

describe('the alert of a threat', () => {
  it.each([
    ['unresolved', 'undefined', 'New'],
    ['in_progress', 'undefined', 'In Progress'],
    ['resolved', 'true_positive', 'Closed'],
    ['resolved', 'suspicious', 'Closed'],
    ['resolved', 'false_positive', 'Ignored'],
    ['unresolved', 'false_positive', 'Ignored'],
    ['IN_PROGRESS', 'TRUE_POSITIVE', 'In Progress'],
    ['In progress', 'False positive', 'Ignored'],
    ['escalated', 'undefined', 'New'],
    [null, null, 'New'],
  ])('with the incident status %s and the verdict %s is %s', (incidentStatus, analystVerdict, status) => {
    expect(alertOf(threatWith({ incidentStatus, analystVerdict }))).toMatchObject({ event_status: status });
  });

  it.each([
    ['10.0.0.1', 'internal', 'Propagation'],
    ['', 'internal', 'Propagation'],
    ['8.8.8.8', 'external', 'Initial Attempts'],
  ])('of stolen credentials on a host with the address "%s" is %s', (agentIpV4, tag, stage) => {
    const alert = alertOf(
      threatWith(
        {},
        { agentDetectionInfo: { agentIpV4 }, indicators: indicatorsOf(['Credential Access', 'T1003']) },
      ),
    );
    expect(alert).toMatchObject({ xdr_event: { tags: [tag], xdr_killchain_stage: stage } });
  });

  it('is typed by its ATT&CK pair and described by what the agent saw', () => {
    const alert = alertOf(
      threatWith(
        { classification: 'Ransomware', threatName: 'lock.exe' },
        {
          indicators: indicatorsOf(['Impact', 'T1486']).map((one) => ({
            ...one,
            description: 'Encrypts files',
          })),
        },
      ),
    );
    expect(alert).toMatchObject({
      event_source: 'sentinelone',
      event_name: 'SentinelOne-Impact-Data Encrypted for Impact',
      xdr_event: {
        name: 'SentinelOne-Impact-Data Encrypted for Impact',
        display_name: 'SentinelOne: Data Encrypted for Impact',
        description: 'Encrypts files',
        subtype: { name: 'Ransomware' },
      },
    });
  });

  it('points at the record in the index syslog and has its time', () => {
    const record = makeRecord(threats, threatWith({ identifiedAt: '2026-11-20T09:00:00Z' }), source);
    expect(deriveRecord(threats, record)).toMatchObject({
      orig_id: record['record_uid'],
      orig_index: 'syslog',
      timestamp: Date.UTC(2026, 10, 20, 9),
      msg_class: 'sentinelone_threat_detection',
    });
  });

  it('keeps its own severity when the console begins to send one', () => {
    expect(alertOf({ ...threatWith(), severity: 'High' })).toMatchObject({
      severity: 50,
      sentinelone: { severity: 'High' },
    });
  });

  it('is made also of a threat without an id, because what was found does not depend on it', () => {
    const { id: _, ...vendor } = threatWith({ confidenceLevel: 'malicious' });
    expect(alertOf(vendor)).toMatchObject({
      normalization_error: 'The field id is missing or blank.',
      severity: 90,
    });
  });

  it.each([{}, { threatInfo: null }, { threatInfo: 'text' }])(
    'is the raw record where there is no threatInfo: %j',
    (parts) => {
      const record = makeRecord(threats, { id: '700', ...parts }, source);
      const alert = deriveRecord(threats, record);
      expect(alert).toMatchObject({
        ...parts,
        orig_id: record['record_uid'],
        normalization_error: 'The field threatInfo is missing or no object.',
      });
      expect(alert).not.toHaveProperty('event_score');
    },
  );
});
