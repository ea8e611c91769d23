import { hash, unit } from './random.ts';

/** When the records of one kind come into being. Creation times never descend with the index. */
export interface Population {
  createdUs(index: number): number;
  /** The record whose times this one shares; itself where it stands alone. */
  leader(index: number): number;
  /** How many records have been created by this time. */
  countAt(us: number): number;
}

export interface PopulationOptions {
  readonly seed: number;
  readonly purpose: number;
  readonly count: number;
  /** The base records are created in [startUs, epochUs) as far as `endUs` does not say otherwise. */
  readonly startUs: number;
  readonly endUs: number;
  readonly epochUs: number;
  /** New records per microsecond after the epoch; 0 for none. */
  readonly newPerUs: number;
  /** Size of the largest group of records that share all their times; 1 for none. */
  readonly burst: number;
}

/** Groups after the epoch stay small: they only have to exist. */
const laterBlock = 8;
const laterGroup = 3;
/** One block in so many holds a group. */
const groupOneIn = 6;
const smallGroup = 5;

export function population(options: PopulationOptions): Population {
  const { seed, purpose, count, startUs, endUs, epochUs, newPerUs, burst } = options;
  const burstSize = Math.min(burst, count);
  const blockSize = Math.max(burstSize, laterBlock);
  const largestBlock = Math.floor(Math.max(0, count - burstSize) / blockSize / 2);

  function groupSize(block: number): number {
    if (block === largestBlock) return burstSize;
    if (burst < 2 || hash(seed, purpose, block, 1) % groupOneIn !== 0) return 1;
    return 2 + (hash(seed, purpose, block, 2) % (Math.min(burst, smallGroup) - 1));
  }

  function leader(index: number): number {
    if (index < count) {
      const block = Math.floor(index / blockSize);
      const start = block * blockSize;
      return index - start < groupSize(block) ? start : index;
    }
    const block = Math.floor((index - count) / laterBlock);
    const start = count + block * laterBlock;
    const grouped = burst > 1 && hash(seed, purpose, block, 3) % groupOneIn === 0;
    return grouped && index - start < Math.min(burst, laterGroup) ? start : index;
  }

  function createdUs(index: number): number {
    const first = leader(index);
    const offset = unit(seed, purpose, first, 4);
    if (first < count) return startUs + Math.floor(((first + offset) / count) * (endUs - startUs));
    return epochUs + Math.floor((first - count + offset) / newPerUs);
  }

  function countAt(us: number): number {
    let low = 0;
    // The last ones of a group have their leader's time, which is earlier than their places say.
    const late = Math.ceil((us - epochUs) * newPerUs) + laterGroup;
    let high = us < epochUs || newPerUs === 0 ? count : count + late;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (createdUs(middle) <= us) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return { createdUs, leader, countAt };
}
