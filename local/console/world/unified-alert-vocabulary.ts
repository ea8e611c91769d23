/** The values of a unified alert's enums, as answers and filters spell them. */
export const severities = ['UNKNOWN', 'INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export const statuses = ['NEW', 'IN_PROGRESS', 'RESOLVED'] as const;
export const confidenceLevels = ['INFORMATIONAL', 'SUSPICIOUS', 'MALICIOUS'] as const;
export const results = ['UNMITIGATED', 'MITIGATED', 'BENIGN'] as const;
export const classifications = ['MALWARE', 'RANSOMWARE', 'MANUAL', 'BENIGN', 'PHISHING', 'UNKNOWN'] as const;
export const analystVerdicts = [
  'UNDEFINED',
  'TRUE_POSITIVE_MALWARE',
  'TRUE_POSITIVE_UNAUTHORIZED_ACCESS',
  'TRUE_POSITIVE_DATA_EXFILTRATION',
  'TRUE_POSITIVE_INSIDER_THREAT',
  'TRUE_POSITIVE_PHISHING_ATTACK',
  'TRUE_POSITIVE_ADVANCED_PERSISTENT_THREAT',
  'TRUE_POSITIVE_DENIAL_OF_SERVICE',
  'TRUE_POSITIVE_RANSOMWARE',
  'TRUE_POSITIVE_POLICY_VIOLATION',
  'TRUE_POSITIVE_BENIGN_BUT_SUSPICIOUS',
  'TRUE_POSITIVE_BENIGN',
  'TRUE_POSITIVE_UNDEFINED',
  'TRUE_POSITIVE_EXPLOITATION_TOOLS',
  'TRUE_POSITIVE_PUA_ADWARE',
  'FALSE_POSITIVE_BENIGN',
  'FALSE_POSITIVE_BENIGN_BUT_SUSPICIOUS',
  'FALSE_POSITIVE_SYSTEM_ERROR',
  'FALSE_POSITIVE_USER_ERROR',
  'FALSE_POSITIVE_UNDEFINED',
] as const;

/** Where an alert comes from, and in which of the console's views it is shown. */
export interface AlertOrigin {
  readonly product: string;
  readonly vendor: string;
  readonly surface: string;
  readonly dataSource: string;
  readonly view: 'ENDPOINT' | 'IDENTITY' | 'STAR' | 'CLOUD' | 'THIRD_PARTY';
  readonly analytics: 'STATIC' | 'DYNAMIC' | 'RULE' | null;
  /** Of so many alerts in a hundred. */
  readonly share: number;
  readonly names: readonly string[];
}

export const alertOrigins: readonly AlertOrigin[] = [
  {
    product: 'EDR',
    vendor: 'SentinelOne',
    surface: 'ENDPOINT',
    dataSource: 'SentinelOne',
    view: 'ENDPOINT',
    analytics: 'DYNAMIC',
    share: 45,
    names: ['rechnung_2026–final 📎.exe', 'invoice_88213.docm', 'powershell.exe (interactive session)', ''],
  },
  {
    product: 'STAR',
    vendor: 'SentinelOne',
    surface: 'ENDPOINT',
    dataSource: 'SentinelOne',
    view: 'STAR',
    analytics: 'RULE',
    share: 25,
    names: ['Überwachte Anmeldung außerhalb der Zeit', 'LSASS memory was read', '夜間のバックアップ停止'],
  },
  {
    product: 'Identity',
    vendor: 'SentinelOne',
    surface: 'IDENTITY',
    dataSource: 'SentinelOne Identity',
    view: 'IDENTITY',
    analytics: null,
    share: 12,
    names: ['Kerberoasting', 'Password spraying against María José'],
  },
  {
    product: 'CWS',
    vendor: 'SentinelOne',
    surface: 'CLOUD',
    dataSource: 'SentinelOne Cloud',
    view: 'CLOUD',
    analytics: 'STATIC',
    share: 8,
    names: ['A container ran as root', 'Public bucket'],
  },
  {
    product: 'Mail Gateway',
    vendor: 'Brieftaube & Söhne',
    surface: 'EMAIL',
    dataSource: 'Brieftaube',
    view: 'THIRD_PARTY',
    analytics: null,
    share: 10,
    names: ['Suspicious attachment "請求書.pdf.js"', 'Impersonation of the CEO 🕊️'],
  },
];
