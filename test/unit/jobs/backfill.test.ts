import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BackfillSpan, missingSpans, spansIn } from '../../../shared/jobs/backfill.ts';

const part = (n: number) => `b${n}`;

it('covers every time that was asked for, up to the live stream, once, whatever was asked for before', () => {
  const request = fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 80 }))
    .map(([from, length]) => ({ from, to: from + length }));
  fc.assert(
    fc.property(fc.array(request, { maxLength: 12 }), fc.integer({ min: 1, max: 250 }), (requests, since) => {
      let spans: readonly BackfillSpan[] = [];
      const asked = new Set<number>();
      for (const wanted of requests) {
        spans = [...spans, ...missingSpans(spans, wanted, since, part)];
        for (let at = wanted.from; at < Math.min(wanted.to, since); at++) asked.add(at);
      }
      const covered = spans.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
      expect(new Set(covered)).toStrictEqual(asked);
      expect(covered.length).toBe(asked.size);
      expect(new Set(spans.map((span) => span.part)).size).toBe(spans.length);
      for (const { from, to } of spans) expect(from).toBeLessThan(to);
    }),
  );
});

it('finds the spans that a time meets, and not those that only touch it', () => {
  const spans = [
    { part: 'b1', from: 0, to: 10 },
    { part: 'b2', from: 10, to: 20 },
    { part: 'b3', from: 20, to: 30 },
  ];
  expect(spansIn(spans, { from: 10, to: 20 }).map((span) => span.part)).toStrictEqual(['b2']);
  expect(spansIn(spans, { from: 9, to: 21 })).toHaveLength(3);
});
