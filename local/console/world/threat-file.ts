import { draws, purpose } from './random.ts';
import { type MaliciousFile, maliciousFiles } from './vocabulary.ts';

/** What was detected: a file, or something without one. */
export interface DetectedFile {
  readonly isFileless: boolean;
  /** Empty where there is no file. */
  readonly sha1: string;
  readonly sha256: string | null;
  readonly md5: string | null;
  readonly sample: MaliciousFile;
  readonly size: number;
}

/** So many different builds of every sample are around, so that several threats share a hash. */
const builds = 40;

/** The detected file of a threat; the same build has the same hashes on every host. */
export function detectedFile(seed: number, record: number): DetectedFile {
  const draw = draws(seed, purpose.file, record, 1);
  const sample = draw.pick(maliciousFiles);
  const isFileless = draw.chance(0.15);
  if (isFileless) return { isFileless, sha1: '', sha256: null, md5: null, sample, size: 0 };
  const content = draws(seed, purpose.file, draw.below(builds), 2 + maliciousFiles.indexOf(sample));
  const size = 1_024 + content.below(4_000_000);
  const sha1 = content.hex(40);
  // Engines that look up a reputation know one hash only.
  const hashes = draw.chance(0.5)
    ? { sha256: content.hex(64), md5: content.hex(32) }
    : { sha256: null, md5: null };
  return { isFileless, sample, size, sha1, ...hashes };
}
