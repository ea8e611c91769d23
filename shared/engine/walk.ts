import type { Page, PageRequest, Reading } from './reading.ts';

/** What a walk needs to know of its slice. */
export interface WalkOptions extends PageRequest {
  readonly reading: Reading;
  /** Lets the request of the page ahead go out, before the caller keeps the processor busy with this page. */
  readonly letIoProceed: () => Promise<void>;
  /** False when the slice is about to end: a page fetched ahead would only be thrown away. */
  readonly mayReadAhead: () => boolean;
}

/**
 * The pages of a window from a position on, in order. The next page is on its way while the caller works on this one. A
 * caller that leaves early cancels it. Ends after the page whose `end` is true; throws what the reading throws.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<Page, void, undefined> {
  const { reading, letIoProceed, mayReadAhead, ...request } = options;
  const abandoned = new AbortController();
  const signal = AbortSignal.any([request.signal, abandoned.signal]);
  const fetch = (position: PageRequest['position']) => {
    const page = reading.readPage({ ...request, position, signal });
    // The failure of a page that is fetched ahead is met when the walk comes to it, or never if the walk ends before.
    page.catch(() => undefined);
    return page;
  };
  try {
    let next: Promise<Page> | undefined = fetch(options.position);
    for (;;) {
      const page: Page = await next;
      const mayGoOn = !page.end && page.resumeInMs === undefined && page.keepFirst !== true;
      next = mayGoOn && mayReadAhead() ? fetch(page.position) : undefined;
      if (next !== undefined) await letIoProceed();
      yield page;
      if (page.end) return;
      next ??= fetch(page.position);
    }
  } finally {
    abandoned.abort();
  }
}
