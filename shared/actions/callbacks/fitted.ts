import type { Omission, OutcomeEvent, TargetOutcome } from './outcome-event.ts';

/**
 * The largest event, bytes of its JSON. EventBridge takes 256 KiB (docs: "Calculating Amazon EventBridge PutEvents event entry
 * size"), source, type and time included, and whatever a rule sends it to often takes no more.
 */
export const largestEventBytes = 240 * 1024;

/** What is left out, one after the other, until an event fits. */
const omissions: readonly {
  readonly what: Omission;
  readonly leaveOut: (target: TargetOutcome) => TargetOutcome;
}[] = [
  { what: 'evidence', leaveOut: (target) => ({ ...target, evidence: [] }) },
  { what: 'target', leaveOut: ({ target: _asked, ...rest }) => rest },
  {
    what: 'reason_text',
    leaveOut: ({ reason, ...rest }) =>
      reason === undefined ? rest : { ...rest, reason: { code: reason.code, message: '' } },
  },
];

/** The event, or as much of it as fits; `omitted` says what is missing. */
export function fitted(event: OutcomeEvent): OutcomeEvent {
  let fitting = event;
  for (const { what, leaveOut } of omissions) {
    if (bytesOf(fitting) <= largestEventBytes) break;
    fitting = {
      ...fitting,
      targets: fitting.targets.map(leaveOut),
      omitted: [...(fitting.omitted ?? []), what],
    };
  }
  return fitting;
}

function bytesOf(event: OutcomeEvent): number {
  return Buffer.byteLength(JSON.stringify(event));
}
