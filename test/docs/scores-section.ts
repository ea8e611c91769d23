import { defaultScoreRule } from '../../shared/records/score-rule.ts';
import { table } from './content-types-page.ts';

const meanings: Readonly<Record<keyof typeof defaultScoreRule, string>> = {
  severityStart: 'severity of a threat, by its confidence level',
  severityOfMitigation: 'added to it, by its mitigation status',
  severityOfClassification: 'added to it, by its classification',
  severityOfLevel: "severity of STAR and unified alerts, by the console's own",
  fidelityStart: 'fidelity, by the confidence level; of a STAR alert by what its rule treats a hit as',
  fidelityOfEngines: 'added to it: an engine that compares with what is known, or only engines that guess',
  share: "severity's part of the score, in percent; the rest is fidelity's",
};

/** How alerts are scored, with the points of the rule as they are in the code. */
export function scoresSection(): readonly string[] {
  const scales = Object.entries(defaultScoreRule).map(([name, scale]) => [
    `\`${name}\``,
    meanings[name as keyof typeof meanings],
    Object.entries(scale)
      .map(([value, points]) => `${value} ${points}`)
      .join(', '),
  ]);
  return [
    '## Scores, severities and statuses of alerts',
    '',
    'A native alert has `severity` (how much damage it can do as things stand), `fidelity` (how sure it is) and `event_score` (what to look at first), each from 0 to 100. Points are added up and kept within 0 and 100; a value that is not listed counts as `other`, so one that the console invents tomorrow hides nothing.',
    '',
    table(['scale', 'what', 'points'], scales),
    '',
    "- **An analyst's verdict** outranks the points: a true positive has a fidelity of 100, a suspicious one of at least 60, a false positive of 0 and a severity of 10 at most.",
    '- **Bands**, in `event.severity_str`: Critical from 75, Major from 50, Minor from 25, else Notice.',
    '- **Status**, in `event_status`: Ignored for a false positive, else New, In Progress or Closed as the console says; a status that is not known is New.',
    '- **To change points**, set the option `scores` of the content type to a JSON object of scales and values; what is not named stays: `{"severityStart":{"suspicious":80},"share":{"severity":70}}`.',
    '- **Which content types make alerts**: threats always. STAR alerts and unified alerts only with the option `nativeAlerts`, because the console shows many of them as threats too, and an analyst would see one attack twice.',
    '',
  ];
}
