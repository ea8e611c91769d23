/** What hosts, people and files of the simulated companies are called: on purpose not all of it is ASCII. */
export const accountNames = ['Harbour Logistics', 'Öresund Energi AB'] as const;

/** Site names with the index of their account and their share of the hosts. */
export const siteNames = [
  { name: 'Rotterdam', account: 0, share: 5 },
  { name: 'Valparaíso', account: 0, share: 3 },
  { name: 'Head office', account: 0, share: 2 },
  { name: 'Malmö', account: 1, share: 4 },
  { name: '横浜 (Yokohama)', account: 1, share: 2 },
] as const;

export const groupNames = ['Default Group', 'Servers', 'Büro 🏢'] as const;

export const hostStems = [
  'DESKTOP',
  'LAPTOP',
  'srv-app',
  'müller-nb',
  'ノート',
  'KASSE',
  'build',
  'WS-Ærø',
] as const;

export const userNames = [
  'j.peters',
  'María José',
  'svc-backup',
  'Zoë',
  '田中',
  'root',
  'Administrator',
  '',
] as const;

export const analysts = ['Ines Okafor', 'Tomáš Dvořák', 'Night shift'] as const;

export interface OperatingSystem {
  readonly type: 'windows' | 'linux' | 'macos' | 'windows_legacy';
  readonly name: string;
  readonly revision: string;
  readonly arch: string;
  readonly installer: string;
  readonly machines: readonly string[];
}

export const operatingSystems: readonly OperatingSystem[] = [
  {
    type: 'windows',
    name: 'Windows 11 Pro',
    revision: '22631',
    arch: '64 bit',
    installer: '.msi',
    machines: ['desktop', 'laptop'],
  },
  {
    type: 'windows',
    name: 'Windows Server 2022 Standard',
    revision: '20348',
    arch: '64 bit',
    installer: '.exe',
    machines: ['server'],
  },
  {
    type: 'linux',
    name: 'Linux',
    revision: 'Ubuntu 24.04.1 LTS 6.8.0-45-generic',
    arch: '64 bit',
    installer: '.deb',
    machines: ['server', 'kubernetes node'],
  },
  {
    type: 'macos',
    name: 'macOS',
    revision: '15.1 (24B83)',
    arch: 'ARM64',
    installer: '.pkg',
    machines: ['laptop'],
  },
  {
    type: 'windows_legacy',
    name: 'Windows 7 Professional SP1',
    revision: '7601',
    arch: '32 bit',
    installer: 'unknown',
    machines: ['desktop', 'unknown'],
  },
];

export const agentVersions = ['23.4.4.223', '24.1.5.277', '24.2.3.471', '25.1.1.312'] as const;

export interface MaliciousFile {
  readonly name: string;
  readonly folder: string;
  readonly extension: string;
  readonly extensionType: string;
  readonly classification: string;
}

export const maliciousFiles: readonly MaliciousFile[] = [
  {
    name: 'rechnung_2026–final 📎.exe',
    folder: 'Downloads',
    extension: 'EXE',
    extensionType: 'Executable',
    classification: 'Trojan',
  },
  {
    name: 'invoice_88213.docm',
    folder: 'Documents',
    extension: 'DOCM',
    extensionType: 'Document',
    classification: 'Downloader',
  },
  {
    name: 'setup.exe',
    folder: 'AppData\\Local\\Temp',
    extension: 'EXE',
    extensionType: 'Executable',
    classification: 'PUA',
  },
  {
    name: 'cryptolck.dll',
    folder: 'AppData\\Roaming',
    extension: 'DLL',
    extensionType: 'Executable',
    classification: 'Ransomware',
  },
  {
    name: 'xmr-miner',
    folder: 'tmp',
    extension: '',
    extensionType: 'Unknown',
    classification: 'Cryptominer',
  },
  {
    name: '請求書.pdf.js',
    folder: 'Desktop',
    extension: 'JS',
    extensionType: 'Script',
    classification: 'Malware',
  },
];

export interface Technique {
  readonly tactic: string;
  readonly category: string;
  readonly description: string;
  readonly techniques: readonly string[];
}

export const techniques: readonly Technique[] = [
  {
    tactic: 'Defense Evasion',
    category: 'Evasion',
    description: 'A process was started through an indirection',
    techniques: ['T1202', 'T1218.011'],
  },
  {
    tactic: 'Persistence',
    category: 'Persistence',
    description: 'An autorun entry was written',
    techniques: ['T1547.001'],
  },
  {
    tactic: 'Execution',
    category: 'Exploitation',
    description: 'A script interpreter ran encoded commands',
    techniques: ['T1059.001'],
  },
  {
    tactic: 'Credential Access',
    category: 'InfoStealer',
    description: 'Credential storage was opened',
    techniques: ['T1003', 'T1555.003'],
  },
  {
    tactic: 'Discovery',
    category: 'Reconnaissance',
    description: 'Domain accounts were listed',
    techniques: ['T1087.002'],
  },
  {
    tactic: 'Impact',
    category: 'Ransomware',
    description: 'Many files were overwritten in a short time',
    techniques: ['T1486'],
  },
];
