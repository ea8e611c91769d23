import type { Draws } from '../../world/random.ts';

/** How the last page says that it is the last. */
export type PageEnd = 'null' | 'empty' | 'missing';

/** Odd but complete ways to answer a page: no record is lost by any of them. */
export interface PageQuirks {
  /** Answers no record but a cursor, behind which the page follows. */
  readonly isEmptyPage: boolean;
  /** An empty page's `data` is null. */
  readonly isNullData: boolean;
  /** The last page has a cursor too, behind which an empty page follows. */
  readonly hasTrailingPage: boolean;
  readonly end: PageEnd;
}

export const noQuirks: PageQuirks = {
  isEmptyPage: false,
  isNullData: false,
  hasTrailingPage: false,
  end: 'null',
};

export function drawQuirks(draw: Draws): PageQuirks {
  return {
    isEmptyPage: draw.chance(0.25),
    isNullData: draw.chance(0.6),
    hasTrailingPage: draw.chance(0.4),
    end: draw.pick(['null', 'empty', 'missing']),
  };
}
