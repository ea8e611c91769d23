import type { SoakOptions } from './soak.ts';

type Form = Pick<SoakOptions, 'pace' | 'scenario' | 'target' | 'patienceMs'>;

/**
 * The one that is run by hand: leases run out for real, and the consoles answer so slowly that there is a backlog for most
 * of the time.
 * @param minutes of harm
 */
export function longForm(minutes: number): Form {
  return {
    // A killed worker's stream stands still for its lease; with more kills than this hardly anything would work.
    pace: { roundMs: 60_000, queueKillEvery: 3, commandKillEvery: 4, requestsBeforeCommandKill: 0 },
    scenario: {
      tenants: ['acme', 'globex', 'initech', 'umbrella'],
      thin: { threats: 6_000, agents: 1_500, hours: Math.min(1_440, Math.max(24, Math.ceil(16 * minutes))) },
      dense: { threats: 15_000, agents: 4_000, hours: 6 },
      rateLimitScale: 0.1,
      intervalMs: 60_000,
    },
    target: 'harmEnd',
    // Longer than a lease (150 s) and a claim (900 s): what is left to itself comes back by itself.
    patienceMs: 25 * 60_000,
  };
}

/** The one that is part of the tests: every round ends with the command's end, so that no lease has to run out. */
export const shortForm: Form = {
  pace: { roundMs: 3_000, queueKillEvery: 2, commandKillEvery: 1, requestsBeforeCommandKill: 8 },
  scenario: {
    tenants: ['acme', 'globex'],
    thin: { threats: 300, agents: 100, hours: 12 },
    dense: { threats: 2_400, agents: 800, hours: 1 },
    rateLimitScale: 'off',
    intervalMs: 60_000,
  },
  target: 'settled',
  patienceMs: 60_000,
};
