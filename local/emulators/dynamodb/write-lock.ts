/** Lets one writer in at a time, in the order of asking. */
export class WriteLock {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(write: () => Promise<T>): Promise<T> {
    const result = this.#last.then(write);
    // The next writer waits for this one's end, whatever it is; the caller gets the failure.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
