/** `event.category` of a detection, from the console's classification in one spelling (see `enumAt`). */
export function detectionCategory(classification: string | undefined): 'malware' | 'threat' {
  return malwareClasses.has(classification ?? '') ? 'malware' : 'threat';
}

/** Classifications that say there is a malicious program; the rest (Exploit, Manual, …) say what somebody did. */
const malwareClasses: ReadonlySet<string> = new Set([
  'malware',
  'trojan',
  'ransomware',
  'virus',
  'worm',
  'rootkit',
  'backdoor',
  'downloader',
  'dropper',
  'infostealer',
  'spyware',
  'cryptominer',
  'hacktool',
  'adware',
  'pua',
  'pup',
  'potentially_unwanted_application',
]);
