import * as z from 'zod/mini';
import type { InputProblem } from '../../connectors/input-problem.ts';
import type { TargetKind } from '../subject.ts';

/** The ways to name a target; what each action kind takes is in `waysOf`. */
const targetWays = ['agentId', 'uuid', 'hostName', 'threatId', 'alertId', 'record'] as const;
export type TargetWay = (typeof targetWays)[number];

const id = z
  .string()
  .check(z.regex(/^\d{1,24}$/, 'must be an id of the console: 1 to 24 digits, as a text.'));

/** One of the targets of `POST /v1/actions`, named in exactly one way. */
export const requestedTarget = z
  .strictObject({
    agentId: z.optional(id),
    uuid: z.optional(
      z
        .string()
        .check(
          z.maxLength(64),
          z.regex(/^[0-9A-Za-z-]+$/, "must be an agent's UUID: letters, digits and dashes."),
        ),
    ),
    hostName: z.optional(
      z.string().check(
        z.minLength(1),
        z.maxLength(255),
        z.refine(
          (name) => name === name.trim() && !/\p{Cc}/u.test(name),
          'must be the whole name of the endpoint, without space around it.',
        ),
      ),
    ),
    threatId: z.optional(id),
    alertId: z.optional(id),
    record: z.optional(z.record(z.string(), z.unknown())),
  })
  .check(
    z.refine(
      (target) => targetWays.filter((way) => target[way] !== undefined).length === 1,
      `must name its target in exactly one way: ${targetWays.join(', ')}.`,
    ),
  );

/** Exactly one of the members is there. */
export type RequestedTarget = z.output<typeof requestedTarget>;

/** A threat or alert stands for the endpoint that it was seen on, so actions on agents take everything. */
const waysOf: Readonly<Record<TargetKind, readonly TargetWay[]>> = {
  agent: targetWays,
  threat: ['threatId', 'record'],
  alert: ['alertId', 'record'],
};

/** How the target is named. */
export function wayOf(target: RequestedTarget): TargetWay {
  const way = targetWays.find((name) => target[name] !== undefined);
  if (way === undefined) throw new Error('A target that the schema has let through names nothing.');
  return way;
}

/** What is wrong with the ways in which the targets of a request are named, for an action on targets of this kind. */
export function targetProblems(
  targets: readonly RequestedTarget[],
  kind: TargetKind,
): readonly InputProblem[] {
  return targets.flatMap((target, index) => {
    const way = wayOf(target);
    if (waysOf[kind].includes(way)) return [];
    return [
      {
        field: `targets[${index}].${way}`,
        message: `does not name what this action works on, which is ${kind === 'alert' ? 'an alert' : `a ${kind}`}.`,
        recommendation: `Name each target by one of: ${waysOf[kind].join(', ')}.`,
      },
    ];
  });
}
