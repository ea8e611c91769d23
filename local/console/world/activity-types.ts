export interface ActivityType {
  readonly id: number;
  /** What an activity of this type is about. */
  readonly subject: 'account' | 'host' | 'threat';
  /** `{user}`, `{host}` and `{file}` are filled in. */
  readonly description: string;
}

/** What is announced of notes; nothing else tells that one was changed or deleted. */
export const noteActivityTypes = {
  added: {
    id: 4020,
    subject: 'threat',
    description: 'The management user {user} added a note to the threat {file}.',
  },
  updated: {
    id: 4021,
    subject: 'threat',
    description: 'The management user {user} updated a note of the threat {file}.',
  },
  deleted: {
    id: 4022,
    subject: 'threat',
    description: 'The management user {user} deleted a note of the threat {file}.',
  },
} as const satisfies Readonly<Record<string, ActivityType>>;

/** Activities of every day that also tell of deeds. */
export const scanCompleted: ActivityType = {
  id: 92,
  subject: 'host',
  description: 'Agent {host} completed a full disk scan.',
};
export const killed: ActivityType = {
  id: 2001,
  subject: 'threat',
  description: 'The agent {host} successfully killed the threat: {file}.',
};
export const incidentStatusChanged: ActivityType = {
  id: 2028,
  subject: 'threat',
  description: 'The management user {user} changed the incident status of {file}.',
};
export const analystVerdictChanged: ActivityType = {
  id: 2030,
  subject: 'threat',
  description: 'The management user {user} changed the analyst verdict of {file}.',
};

/** The activities of every day that the simulator plays. */
export const activityTypes: readonly ActivityType[] = [
  {
    id: 27,
    subject: 'account',
    description: 'The management user {user} logged in to the management console.',
  },
  { id: 33, subject: 'account', description: 'The management user {user} logged out.' },
  { id: 5040, subject: 'account', description: 'The management user {user} created an account.' },
  { id: 17, subject: 'host', description: 'Agent {host} subscribed and joined the group.' },
  { id: 43, subject: 'host', description: 'Agent {host} updated from the previous version.' },
  scanCompleted,
  { id: 3608, subject: 'host', description: 'Alert created for a custom rule on {host}.' },
  { id: 5232, subject: 'host', description: 'Firewall Control blocked traffic on the endpoint {host}.' },
  { id: 18, subject: 'threat', description: 'Threat with confidence level malicious detected: {file}.' },
  killed,
  incidentStatusChanged,
  analystVerdictChanged,
];
