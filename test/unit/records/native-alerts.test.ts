import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../../shared/json.ts';
import { deriveRecord } from '../../../shared/records/derive-record.ts';
import { starAlert } from '../../../shared/records/star-alert.ts';
import { threatAlert } from '../../../shared/records/threat-alert.ts';
import { unifiedAlert } from '../../../shared/records/unified-alert.ts';

const star: JsonObject = {
  record_uid: 'r1',
  event: { severity_str: 'Major' },
  srcip: '10.0.0.1',
  alertInfo: { incidentStatus: 'In progress', analystVerdict: 'Undefined', eventType: 'REGVALUEMODIFIED' },
  ruleInfo: {
    name: 'Run keys',
    description: 'Somebody wants to stay.',
    severity: 'High',
    treatAsThreat: 'Suspicious',
  },
};
const unified: JsonObject = {
  record_uid: 'r2',
  id: '0190a5c2-0000-7000-8000-000000000001',
  name: 'mimikatz.exe',
  severity: 'CRITICAL',
  status: 'RESOLVED',
  classification: 'MALWARE',
  confidenceLevel: 'MALICIOUS',
  analystVerdict: 'FALSE_POSITIVE_USER_ERROR',
  detectionSource: { product: 'EDR' },
};
const threat: JsonObject = {
  event: { category: 'malware', severity_str: 'Critical' },
  threatInfo: { confidenceLevel: 'malicious', mitigationStatus: 'not_mitigated' },
};

describe('a STAR alert as a native alert', () => {
  it('has the severity of its rule, the status of its incident, and points at its record', () => {
    expect(starAlert(star, {})).toMatchObject({
      orig_id: 'r1',
      orig_index: 'syslog',
      event_source: 'sentinelone',
      event_name: 'SentinelOne-STAR-Run keys',
      event_status: 'In Progress',
      severity: 75,
      fidelity: 50,
      event_score: 65,
      event: { severity_str: 'Major' },
      xdr_event: {
        display_name: 'SentinelOne STAR: Run keys',
        description: 'Somebody wants to stay.',
        subtype: { name: 'REGVALUEMODIFIED' },
        tags: ['internal'],
        xdr_killchain_stage: 'Persistent Foothold',
      },
      alertInfo: star['alertInfo'],
    });
  });

  it.each([null, 3, 'x'])('cannot be made without an alertInfo: %j', (alertInfo) => {
    expect(() => starAlert({ ...star, alertInfo }, {})).toThrow(
      'The field alertInfo is missing or no object.',
    );
  });
});

describe('a unified alert as a native alert', () => {
  it('has the severity, status and verdict of the console', () => {
    expect(unifiedAlert(unified, {})).toMatchObject({
      event_name: 'SentinelOne-EDR-mimikatz.exe',
      event_status: 'Ignored',
      severity: 10,
      fidelity: 0,
      event_score: 6,
      xdr_event: { subtype: { name: 'MALWARE' } },
    });
    expect(unifiedAlert({ ...unified, analystVerdict: 'TRUE_POSITIVE_MALWARE' }, {})).toMatchObject({
      event_status: 'Closed',
      severity: 95,
      fidelity: 100,
    });
    expect(unifiedAlert({ id: 'x', severity: 'NEVER_SEEN', status: null }, {})).toMatchObject({
      event_name: 'SentinelOne-Alert-Unified Alert',
      event_status: 'New',
      severity: 50,
    });
  });
});

describe('derived records that are an option', () => {
  const derived = { index: 'alerts', switchedOnBy: 'nativeAlerts', derive: starAlert } as const;

  it('are made only where the connector asks for them', () => {
    const made = (options?: JsonObject) => deriveRecord({ index: 'syslog', derived }, star, options);
    expect(made()).toBeUndefined();
    expect(made({ nativeAlerts: 'false' })).toBeUndefined();
    expect(made({ nativeAlerts: 'true' })).toMatchObject({ event_source: 'sentinelone' });
    expect(made({ nativeAlerts: true })).toMatchObject({ event_source: 'sentinelone' });
  });
});

describe('the rule by which alerts are scored', () => {
  it('can be changed value by value; what is not named stays', () => {
    const scores = '{"severityStart":{"malicious":40},"share":{"severity":100}}';
    expect(threatAlert(threat, {})).toMatchObject({
      severity: 90,
      event_score: 86,
      event: { severity_str: 'Critical' },
    });
    for (const options of [{ scores }, { scores: JSON.parse(scores) }]) {
      expect(threatAlert(threat, options)).toMatchObject({
        severity: 40,
        fidelity: 80,
        event_score: 40,
        event: { category: 'malware', severity_str: 'Minor' },
      });
    }
    const suspicious = { ...threat, threatInfo: { confidenceLevel: 'suspicious' } };
    expect(threatAlert(suspicious, { scores })).toMatchObject({ severity: 70 });
  });

  it('that is no good costs the alert its scores and not its record', () => {
    const alert = deriveRecord(
      { index: 'syslog', derived: { index: 'alerts', derive: threatAlert } },
      threat,
      { scores: 'high' },
    );
    expect(alert).toMatchObject({ normalization_error: expect.stringContaining('must be a JSON object') });
    expect(isObject(alert) && alert['threatInfo']).toStrictEqual(threat['threatInfo']);
  });
});
