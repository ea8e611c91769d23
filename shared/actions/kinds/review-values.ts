/** What analysts can say of an incident; threats and STAR alerts have the same words. */
export const incidentStatuses = ['unresolved', 'in_progress', 'resolved'] as const;

/** What analysts can think of a threat or STAR alert. */
export const analystVerdicts = ['undefined', 'true_positive', 'false_positive', 'suspicious'] as const;
