import type { InputProblem } from '../../connectors/input-problem.ts';
import { ConnectorError } from '../../errors.ts';
import type { HostPolicy } from '../../sentinelone/host-url.ts';
import { parseWebhookUrl } from '../callbacks/webhook-url.ts';
import { defaultSettings, type PolicySettings } from './response-policy.ts';

/** What a caller says about a tenant's policy, checked for its form; what is left out has its default. */
export type PolicyInput = { readonly [K in keyof PolicySettings]?: PolicySettings[K] | undefined };

/** By what a policy is checked. */
export interface PolicyRules {
  /** Ids of all action types. */
  readonly actionIds: readonly string[];
  /** Where webhooks may be sent. */
  readonly callbackHosts: HostPolicy;
}

/** The settings that the input stands for, or everything that is wrong with it. */
export type ReadPolicy =
  | { readonly settings: PolicySettings }
  | { readonly problems: readonly [InputProblem, ...InputProblem[]] };

export function readPolicy(input: PolicyInput, rules: PolicyRules): ReadPolicy {
  const [first, ...rest] = [...actionProblems(input, rules), ...webhookProblems(input, rules)];
  if (first !== undefined) return { problems: [first, ...rest] };
  const { webhook } = input;
  return {
    settings: {
      safelist: input.safelist ?? defaultSettings.safelist,
      approvals: input.approvals ?? defaultSettings.approvals,
      isolationsPerHour: input.isolationsPerHour ?? defaultSettings.isolationsPerHour,
      mostTargets: input.mostTargets ?? defaultSettings.mostTargets,
      followOfflineDays: input.followOfflineDays ?? defaultSettings.followOfflineDays,
      approvalMinutes: input.approvalMinutes ?? defaultSettings.approvalMinutes,
      ...(webhook === undefined ? {} : { webhook }),
    },
  };
}

/** A rule for an action that there is not would never want an approval. */
function actionProblems(
  { approvals = [] }: PolicyInput,
  { actionIds }: PolicyRules,
): readonly InputProblem[] {
  return approvals.flatMap(({ actions = [] }, rule) =>
    actions.flatMap((id, i) =>
      actionIds.includes(id)
        ? []
        : [
            {
              field: `approvals[${rule}].actions[${i}]`,
              message: 'is no action.',
              recommendation: `Choose from ${actionIds.join(', ')}.`,
            },
          ],
    ),
  );
}

function webhookProblems({ webhook }: PolicyInput, { callbackHosts }: PolicyRules): readonly InputProblem[] {
  const field = 'webhook.url';
  if (webhook === undefined) return [];
  if (callbackHosts.suffixes.length === 0 && !callbackHosts.loopback) {
    return [
      {
        field,
        message: 'cannot be used: this stack sends no webhooks.',
        recommendation:
          'Whoever deploys the stack must list the domains that webhooks may be sent to as callbackHostSuffixes in infra/config.ts.',
      },
    ];
  }
  try {
    parseWebhookUrl(webhook.url, callbackHosts);
    return [];
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return [
      {
        field,
        message: error.message,
        recommendation:
          callbackHosts.suffixes.length === 0
            ? 'Give an address of this machine.'
            : `Give the https:// address of a host below ${callbackHosts.suffixes.join(' or ')}.`,
      },
    ];
  }
}
