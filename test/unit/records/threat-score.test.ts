import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { severityBand } from '../../../shared/records/score-rule.ts';
import { threatScore } from '../../../shared/records/threat-score.ts';

const malicious = { confidenceLevel: 'malicious', mitigationStatus: 'not_mitigated' };
const suspicious = { confidenceLevel: 'suspicious', mitigationStatus: 'not_mitigated' };

describe('the scores of a threat', () => {
  it.each<[string, JsonObject, number, number, number]>([
    ['malicious', malicious, 90, 80, 86],
    ['malicious, mitigated', { ...malicious, mitigationStatus: 'mitigated' }, 60, 80, 68],
    ['suspicious', suspicious, 70, 50, 62],
    ['suspicious, mitigated', { ...suspicious, mitigationStatus: 'mitigated' }, 40, 50, 44],
    ['not told', { confidenceLevel: 'n/a' }, 50, 40, 46],
    ['marked as benign', { ...malicious, mitigationStatus: 'marked_as_benign' }, 30, 80, 50],
    ['ransomware', { ...malicious, classification: 'Ransomware' }, 100, 80, 92],
    ['an unwanted program', { ...malicious, classification: 'PUA' }, 70, 80, 74],
    ['a confirmed one', { ...suspicious, analystVerdict: 'true_positive' }, 70, 100, 82],
    ['one found suspicious', { ...suspicious, analystVerdict: 'suspicious' }, 70, 60, 66],
    ['a sure one found suspicious', { ...malicious, analystVerdict: 'suspicious' }, 90, 80, 86],
    ['a false positive', { ...malicious, analystVerdict: 'false_positive' }, 10, 0, 6],
    ['a known file', { ...malicious, detectionEngines: [{ key: 'x' }, { key: 'reputation' }] }, 90, 90, 90],
    ['a guess', { ...suspicious, detectionEngines: [{ key: 'pre_execution_suspicious' }] }, 70, 40, 58],
    [
      'a guess beside an engine',
      { ...suspicious, detectionEngines: [{ key: 'pup' }, { key: 'x' }] },
      70,
      50,
      62,
    ],
    ['engines as texts', { ...malicious, detectionEngines: ['Reputation'] }, 90, 90, 90],
    ['engines by name only', { ...malicious, engines: ['SentinelOne Cloud'] }, 90, 90, 90],
    ['another spelling', { confidenceLevel: 'MALICIOUS', mitigationStatus: 'Not mitigated' }, 90, 80, 86],
    ['words never seen', { confidenceLevel: 'certain', classification: 'constructor' }, 50, 40, 46],
    ['nothing at all', {}, 50, 40, 46],
  ])('%s', (_name, threatInfo, severity, fidelity, score) => {
    expect(threatScore(threatInfo)).toEqual({ severity, fidelity, score });
  });

  it('lie between 0 and 100, and the score between severity and fidelity', () => {
    const word = (...known: readonly string[]) =>
      fc.oneof(fc.constantFrom(...known), fc.string(), fc.constant(null));
    const threatInfo = fc.record({
      confidenceLevel: word('malicious', 'suspicious', 'n/a'),
      mitigationStatus: word('mitigated', 'not_mitigated', 'marked_as_benign'),
      classification: word('Ransomware', 'PUA', 'Trojan'),
      analystVerdict: word('undefined', 'true_positive', 'false_positive', 'suspicious'),
      detectionEngines: fc.array(fc.record({ key: word('reputation', 'pup', 'executables') })),
    });
    fc.assert(
      fc.property(threatInfo, (info) => {
        const { severity, fidelity, score } = threatScore(info);
        for (const value of [severity, fidelity, score]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
        }
        expect(score).toBeGreaterThanOrEqual(Math.min(severity, fidelity));
        expect(score).toBeLessThanOrEqual(Math.max(severity, fidelity));
      }),
    );
  });
});

describe('the band of a severity', () => {
  it.each([
    [100, 'Critical'],
    [75, 'Critical'],
    [74, 'Major'],
    [50, 'Major'],
    [49, 'Minor'],
    [25, 'Minor'],
    [24, 'Notice'],
    [0, 'Notice'],
  ])('of %i is %s', (value, band) => {
    expect(severityBand(value)).toBe(band);
  });
});
