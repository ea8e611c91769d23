/** What will happen at a console, in the order of time. Nothing happens before somebody asks for a later time. */
export class Timeline {
  /** Of what is happening now, epoch milliseconds. */
  time = 0;
  private readonly events: { readonly at: number; readonly run: () => void }[] = [];

  /** Lets something happen at a time, epoch milliseconds; those of one time in the order in which they were planned. */
  plan(at: number, run: () => void): void {
    const index = this.events.findIndex((event) => event.at > at);
    this.events.splice(index === -1 ? this.events.length : index, 0, { at, run });
  }

  /** Lets everything happen that is due by then, and what follows from it. */
  settle(now: number): void {
    for (;;) {
      const [first] = this.events;
      if (first === undefined || first.at > now) break;
      this.events.shift();
      this.time = first.at;
      first.run();
    }
    this.time = now;
  }
}
