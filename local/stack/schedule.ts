import type { LambdaFunction } from '../lambda-host/lambda-function.ts';

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds between two ticks of `rate(…)`. Throws for every other form. */
export function ratePeriodMs(expression: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const period = Number(match?.[1]) * (unitMs[match?.[2] ?? ''] ?? Number.NaN);
  if (!(period > 0))
    throw new Error(`The embedded mode knows schedules of the form rate(1 minute), not ${expression}.`);
  return period;
}

export interface Schedule {
  /** No more ticks; resolves when the one in progress has ended. */
  stop(): Promise<void>;
}

/** Invokes the function at once and then at the given rate. A tick that fails is not repeated: the next one is the retry. */
export function startSchedule(options: {
  readonly expression: string;
  readonly input: string | undefined;
  readonly target: LambdaFunction;
  readonly onError: (error: unknown) => void;
}): Schedule {
  const event: unknown = options.input === undefined ? {} : JSON.parse(options.input);
  let running = Promise.resolve();
  const tick = () => {
    running = options.target.invoke(event).then(() => undefined, options.onError);
  };
  tick();
  const timer = setInterval(tick, ratePeriodMs(options.expression));
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
