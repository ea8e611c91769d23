import type * as z from 'zod/mini';
import type { JsonObject } from '../../json.ts';
import { enumAt, presentFields } from '../../records/json-fields.ts';
import { ActionCall } from '../action-call.ts';
import { type ActionType, actionType } from '../action-type.ts';
import type { Evidence, Subject } from '../subject.ts';
import { fieldEvidence } from './evidence.ts';
import { type ResultMeanings, resultAcceptance } from './result-answer.ts';

type Particular = 'id' | 'title' | 'description' | 'permission' | 'example';

/** A field of a threat or alert that analysts set at the console, and nobody else. */
export interface ConsoleField<S extends z.ZodMiniObject> extends Pick<ActionType, Particular> {
  readonly target: 'threat' | 'alert';
  /** Of the vendor call. */
  readonly path: string;
  /** In dots; the last name is also that of the vendor call's `data`. */
  readonly field: string;
  /** In lower snake_case, as the parameters have them. */
  readonly values: readonly string[];
  readonly parameters: S;
  wanted(parameters: z.output<S>): string;
  parametersFor(value: string): JsonObject;
  /** As the vendor call spells a value; the same where absent. */
  spelt?(value: string): string;
  /** The words of the answer's `data.details[].result`; absent where the answer has none. */
  readonly results?: ResultMeanings;
}

/** The result words of `POST /threats/incident` and `/threats/analyst-verdict`. `not_changed` may mean anything; the look tells. */
export function fieldResults(permission: string): ResultMeanings {
  return {
    updated: 'accepted',
    already_set: 'accepted',
    conditions_not_met: {
      code: 'conditions_not_met',
      message: "The console's conditions for the change are not met (conditions_not_met).",
      recommendation: 'Look at the threat in the console; it may have to be mitigated or judged first.',
    },
    missing_permissions: {
      code: 'not_permitted',
      message: 'The console did not change the threat because of permissions (missing_permissions).',
      recommendation: `Give the role of the token's user the permission ${permission} for the threat's site, then ask again.`,
    },
  };
}

/** Sets a field at the console; done when the record shows the value. The way back is the value that it had. */
export function consoleField<const S extends z.ZodMiniObject>({
  path,
  field,
  values,
  wanted,
  parametersFor,
  spelt = (value) => value,
  results,
  ...declared
}: ConsoleField<S>): ActionType {
  const names = field.split('.');
  const shown = ({ record }: Subject) => enumAt(record, ...names);
  const evidence = ({ kind, record }: Subject): readonly Evidence[] => [
    fieldEvidence({ source: kind, record, field }),
  ];
  return actionType<S>({
    ...declared,
    danger: 'console',
    doneWhen: `The ${declared.target}'s \`${field}\` has the value.`,
    typicalSeconds: 5,
    timeoutMinutes: 10,
    needsEndpoint: false,
    isRepeatable: true,
    activityTypes: [],
    revertedBy: [declared.id],
    unsuitable: () => undefined,
    reached: (subject, parameters) => (shown(subject) === wanted(parameters) ? evidence(subject) : undefined),
    call: (subjects, parameters) =>
      ActionCall.of(
        'POST',
        path,
        subjects.map(({ id }) => id),
        { [names.at(-1) ?? field]: spelt(wanted(parameters)) },
      ),
    ...(results === undefined
      ? {}
      : { acceptance: (answer, subjects) => resultAcceptance(answer, subjects, results) }),
    before: (subject) => presentFields({ value: shown(subject) }),
    observe: ({ subject, parameters }) =>
      shown(subject) === wanted(parameters)
        ? { kind: 'done', evidence: evidence(subject) }
        : { kind: 'nothing' },
    revert({ value }, parameters) {
      if (typeof value !== 'string' || !values.includes(value) || value === wanted(parameters))
        return undefined;
      return { action: declared.id, parameters: parametersFor(value) };
    },
  });
}
