import type { Clock } from '../../shared/ports.ts';

/** A clock that stands still until it is moved. Epoch milliseconds. */
export class ManualClock implements Clock {
  time: number;

  constructor(time: number | string) {
    this.time = typeof time === 'string' ? Date.parse(time) : time;
  }

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}
