import type { ContentType } from '../../../../shared/content-types/content-type.ts';
import type { Reading } from '../../../../shared/engine/reading.ts';
import type { ListPage } from '../../../../shared/ports.ts';
import { itemContentType } from '../../../support/item-content-type.ts';
import {
  type ExpectLaw,
  isBehind,
  missingFrom,
  type ReadStream,
  SimConsole,
  textOf,
} from '../sim-console.ts';
import type { Listed } from '../sim-list.ts';

/** More than a second of these consoles ever has: what is beyond a query's cap in one second cannot be had. */
export const mostInSecond = 30;

/** Events: they never change, and are found by queries. Every one is in the lake once, in the window of its time. */
export abstract class EventsConsole extends SimConsole {
  protected readonly events: Listed[] = [];
  private readonly seconds = new Map<number, number>();

  protected contentType(reading: Reading): ContentType {
    return {
      ...itemContentType(this.options.pageSize),
      id: 'events',
      reading,
      identity: ({ id, updatedAt }) => ({ id: textOf(id), revision: textOf(updatedAt) }),
    };
  }

  fill(count: number, from: number, to: number): void {
    for (const at of this.spread(count, from, to)) this.happen(at);
  }

  liveOn(): void {
    const { faults, random } = this.options;
    if (!faults.strikes('add')) return;
    const at = this.stamp();
    for (let i = random.pick([1, 1, 3, 12]); i > 0; i--) this.happen(at);
  }

  private happen(time: number): void {
    const second = Math.floor(time / 1_000);
    const others = this.seconds.get(second) ?? 0;
    if (others >= mostInSecond) return;
    this.seconds.set(second, others + 1);
    this.events.push({ id: `e${this.next()}`, updatedAt: new Date(time).toISOString() });
  }

  protected answer(): ListPage {
    throw new Error('It has queries only.');
  }

  expectTruth(stream: ReadStream, expectLaw: ExpectLaw): void {
    const inLake = stream.records.map(({ id }) => textOf(id));
    const due = this.events.filter(({ updatedAt }) => isBehind(updatedAt, stream));
    this.expectCounted(due, stream, expectLaw);
    const lost = missingFrom(
      due.filter((event) => !this.isDropped(event)).map(({ id }) => id),
      inLake,
    );
    expectLaw('lost', lost.length === 0, () => lost.join(', '));
    const madeUp = missingFrom(
      inLake,
      this.events.map(({ id }) => id),
    );
    expectLaw('made up', madeUp.length === 0, () => madeUp.join(', '));
    for (const { header, lines } of stream.entries) {
      const { from, to } = header.window;
      const times = lines.map((line) => Date.parse(JSON.parse(line).updatedAt));
      expectLaw(
        'I2 chain',
        times.every((time) => time >= from && time < to),
        () => `a record outside of its window ${new Date(from).toISOString()}`,
      );
    }
  }
}
