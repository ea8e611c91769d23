import type { OperatingSystem } from './vocabulary.ts';

/** What an application is called, by whom it is made, and where it runs. */
export interface ApplicationName {
  readonly name: string;
  readonly publisher: string;
  readonly osType: OperatingSystem['type'];
  readonly type:
    | 'app'
    | 'kb'
    | 'patch'
    | 'chromeExtension'
    | 'edgeExtension'
    | 'firefoxExtension'
    | 'safariExtension';
}

/** On purpose with everything that breaks a parser: ampersands, quotes, blanks at the end, nothing at all. */
export const applicationNames: readonly ApplicationName[] = [
  { name: 'Öresund Office', publisher: 'Fjällsoft AB', osType: 'windows', type: 'app' },
  { name: 'KB5043145', publisher: '', osType: 'windows', type: 'kb' },
  { name: 'libtide', publisher: 'Harbour & Sons', osType: 'linux', type: 'app' },
  {
    name: 'Passwort-Merker 🔑',
    publisher: 'Schmidt "Tools" GmbH',
    osType: 'windows',
    type: 'chromeExtension',
  },
  { name: 'Kaleido', publisher: 'Kaleido, Inc.', osType: 'macos', type: 'app' },
  { name: 'Reading List ', publisher: 'O’Neil <Labs>', osType: 'macos', type: 'safariExtension' },
  { name: '帳票ビューア', publisher: '横浜ソフト株式会社', osType: 'windows', type: 'app' },
  { name: 'Öresund Office – Sicherheitspatch', publisher: 'Fjällsoft AB', osType: 'windows', type: 'patch' },
  { name: 'tar-und-so', publisher: 'Tar und So e.V.', osType: 'linux', type: 'app' },
  { name: 'Tab Tidy', publisher: '', osType: 'windows', type: 'edgeExtension' },
  { name: 'Kassenbuch 98', publisher: 'Müller EDV', osType: 'windows_legacy', type: 'app' },
  { name: 'Dark Reader’s Friend', publisher: 'anonymous', osType: 'windows', type: 'firefoxExtension' },
];

/** HTML entities for what HTML needs them for: the newer product writes vendors so. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
