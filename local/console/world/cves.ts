import type { JsonObject } from '../../../shared/json.ts';
import { findById, recordId } from './ids.ts';
import { formatMicros, micros } from './micro-time.ts';
import { draws, purpose, unit } from './random.ts';
import type { RecordSet } from './record-set.ts';
import { Timeline } from './timeline.ts';

export const riskLevels = ['none', 'low', 'medium', 'high', 'critical'] as const;

/** What is known of a vulnerability, whatever application has it. */
export interface Cve {
  readonly cveId: string;
  readonly riskLevel: (typeof riskLevels)[number];
  /** One digit behind the point. */
  readonly score: number;
  /** Whole seconds, as microseconds. */
  readonly publishedUs: number;
}

export interface Cves extends RecordSet {
  cve(record: number): Cve;
}

export interface CvesOptions {
  readonly seed: number;
  readonly epochUs: number;
  readonly historyUs: number;
}

/** A prime number; all applications share these vulnerabilities. */
export const cvePoolSize = 2_003;
/** The console learned of them during so long before the history, and looked at some of them again meanwhile. */
const learnedUs = 300 * micros.day;
const againUs = 20 * micros.day;

/** The vulnerabilities that there are. They change no more once the history has begun. */
export function cves({ seed, epochUs, historyUs }: CvesOptions): Cves {
  const startUs = epochUs - historyUs - learnedUs - againUs - micros.day;
  const createdUs = (record: number) =>
    startUs + Math.floor(((record + unit(seed, purpose.cvePlan, record)) / cvePoolSize) * learnedUs);
  const timeline = new Timeline({
    epochUs,
    population: { createdUs, leader: (record) => record, countAt: () => cvePoolSize },
    plannedUs(record) {
      const draw = draws(seed, purpose.cvePlan, record, 1);
      const first = createdUs(record);
      return draw.chance(0.5) ? [first] : [first, first + micros.hour + draw.below(againUs)];
    },
  });
  const id = (record: number) => recordId(createdUs(record), record);

  function cve(record: number): Cve {
    const draw = draws(seed, purpose.cveBody, record);
    const score = draw.chance(0.04) ? 0 : (10 + draw.below(91)) / 10;
    const publishedUs = createdUs(record) - draw.below(2 * 365 * 86_400) * micros.second;
    const wholeUs = publishedUs - (publishedUs % micros.second);
    const year = new Date(wholeUs / micros.millisecond).getUTCFullYear();
    return {
      cveId: `CVE-${year}-${10_000 + record}`,
      riskLevel: riskLevelOf(score),
      score,
      publishedUs: wholeUs,
    };
  }

  return {
    timeline,
    cve,
    id,
    find: (wanted) => findById(wanted, cvePoolSize, id),
    createdUs,
    siteId: () => null,
    accountId: () => null,
    groupId: () => null,
    body(row): JsonObject {
      const { revisions } = timeline;
      const record = revisions.record(row);
      const { cveId, riskLevel, score, publishedUs } = cve(record);
      const draw = draws(seed, purpose.cveBody, record, 1);
      return {
        createdAt: formatMicros(createdUs(record)),
        cveId,
        description: draw.pick([
          'A crafted file may write behind the end of a buffer – "heap overflow".',
          'Unsichere Voreinstellung erlaubt Zugriff ohne Anmeldung 🔓',
          '',
          null,
          `An out-of-bounds read.\nSee the vendor's page.${' Details are under review.'.repeat(draw.below(8))}`,
        ]),
        id: id(record),
        link: draw.pick([`https://nvd.example/vuln/detail/${cveId}`, '', null]),
        publishedAt: formatMicros(publishedUs, draw.pick([0, 3])),
        riskLevel,
        score,
        updatedAt: formatMicros(revisions.us(row)),
      };
    },
  };
}

function riskLevelOf(score: number): Cve['riskLevel'] {
  if (score === 0) return 'none';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 ? 'high' : 'critical';
}
