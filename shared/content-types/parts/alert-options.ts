import type { ContentTypeOption } from '../content-type.ts';

/** For content types whose records are alerts of our own choice only where the connector says so. */
export const nativeAlertsOption: ContentTypeOption = {
  name: 'nativeAlerts',
  choices: ['true', 'false'],
  meaning: 'Each record is an alert in the index alerts as well; false where absent.',
};

/** For content types with alerts. */
export const scoresOption: ContentTypeOption = {
  name: 'scores',
  form: 'a JSON object, e.g. `{"severityStart":{"suspicious":80}}`',
  meaning: 'Changes points of the rule by which alerts are scored (see records.md).',
};
