import { describe, expect, it } from 'vitest';
import { optionProblem } from '../../../shared/connectors/content-type-options.ts';
import { intervalMsOf } from '../../../shared/connectors/interval.ts';
import type { ContentType } from '../../../shared/content-types/content-type.ts';
import { scoresOption } from '../../../shared/content-types/parts/alert-options.ts';
import { itemContentType } from '../../support/item-content-type.ts';

const minuteMs = 60_000;
const items: ContentType = {
  ...itemContentType(10),
  options: [{ name: 'source', choices: ['auto', 'dv'], meaning: 'Which one.' }, scoresOption],
};

describe('optionProblem', () => {
  it.each([
    ['source', 'dv', undefined],
    ['source', 'sdl', 'must be one of: auto, dv'],
    ['sauce', 'dv', 'is no option of items; it has intervalMinutes, source, scores'],
    ['intervalMinutes', '60', undefined],
    ['intervalMinutes', '0', 'must be a whole number of minutes, 1 to 1440'],
    ['intervalMinutes', '1441', 'must be a whole number of minutes, 1 to 1440'],
    ['intervalMinutes', '5.5', 'must be a whole number of minutes, 1 to 1440'],
    ['scores', '{"severityStart":{"malicious":95},"share":{"severity":50}}', undefined],
    ['scores', 'high', 'must be a JSON object'],
    ['scores', '[]', 'must be a JSON object'],
    [
      'scores',
      '{"severityStart":{"malicious":"95"}}',
      'must have a number from -100 to 100 at severityStart.malicious',
    ],
    ['scores', '{"severityStart":3}', 'must have an object of numbers at severityStart'],
  ])('says of %s = %s: %s', (name, value, problem) => {
    expect(optionProblem(items, name, value)).toBe(problem);
  });

  it('names the scales that there are', () => {
    expect(optionProblem(items, 'scores', '{"severity":{}}')).toMatch(
      /^has no scale severity; there are severityStart, /,
    );
  });
});

describe('intervalMsOf', () => {
  const slow: ContentType = { ...items, defaultIntervalMs: 60 * minuteMs, keepsPace: true };
  const options = { items: { intervalMinutes: '10' } };

  it('is what the content type says, unless the connector or its option does', () => {
    expect(intervalMsOf(items, {})).toBe(5 * minuteMs);
    expect(intervalMsOf(items, { intervalMs: minuteMs })).toBe(minuteMs);
    expect(intervalMsOf(items, { intervalMs: minuteMs, options })).toBe(10 * minuteMs);
    expect(intervalMsOf(items, { options: { items: { intervalMinutes: 10 } } })).toBe(10 * minuteMs);
  });

  it('of one that keeps its pace is hurried by its own option only', () => {
    expect(intervalMsOf(slow, { intervalMs: minuteMs })).toBe(60 * minuteMs);
    expect(intervalMsOf(slow, { intervalMs: 90 * minuteMs })).toBe(90 * minuteMs);
    expect(intervalMsOf(slow, { intervalMs: minuteMs, options })).toBe(10 * minuteMs);
  });
});
