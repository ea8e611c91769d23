import type { ContentType, ContentTypeOption } from '../content-types/content-type.ts';
import { scoresOption, scoresProblem } from '../records/score-rule.ts';

/** What may be said about every content type. */
export const commonOptions: readonly ContentTypeOption[] = [
  {
    name: 'intervalMinutes',
    form: 'a whole number of minutes, 1 to 1440',
    meaning: 'How often it is read, whatever the connector says for all of them.',
  },
];

/**
 * What is wrong with an option of a content type, in words that go after its name; undefined where it is good. What a query or
 * a filter means is for the console to judge.
 */
export function optionProblem(contentType: ContentType, name: string, value: string): string | undefined {
  const known = [...commonOptions, ...(contentType.options ?? [])];
  const option = known.find((candidate) => candidate.name === name);
  if (option === undefined)
    return `is no option of ${contentType.id}; it has ${known.map((other) => other.name).join(', ')}`;
  const { choices } = option;
  if (choices !== undefined && !choices.includes(value)) return `must be one of: ${choices.join(', ')}`;
  if (name === scoresOption) return scoresProblem(value);
  return name === 'intervalMinutes' && minutesOf(value) === undefined ? `must be ${option.form}` : undefined;
}

/** The minutes of an `intervalMinutes`, or undefined where it is none. */
export function minutesOf(value: string): number | undefined {
  const minutes = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  return minutes >= 1 && minutes <= 1440 ? minutes : undefined;
}
