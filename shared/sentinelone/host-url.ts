import { isIP } from 'node:net';
import { hostRefused } from './host-refused.ts';
import { redact } from './redact.ts';

/** Which hosts we talk to. */
export interface HostPolicy {
  /** Domains below which the hosts are, e.g. `['.sentinelone.net']`; the domain itself is none of them. */
  readonly suffixes: readonly string[];
  /** Also http and https to `127.0.0.1` and `localhost` on any port: for the embedded mode only. */
  readonly loopback: boolean;
}

/** First segments of the console's own pages; people paste what the address bar shows. */
const consolePages = new Set([
  'activity',
  'agents',
  'alerts',
  'analyze',
  'applications',
  'automation',
  'dashboard',
  'devices',
  'endpoints',
  'firewall',
  'forgot-password',
  'groups',
  'home',
  'incidents',
  'index.html',
  'inventory',
  'login',
  'marketplace',
  'network',
  'policy',
  'ranger',
  'reports',
  'rogues',
  'sentinels',
  'settings',
  'singularity-marketplace',
  'sites',
  'star',
  'threats',
  'unified-alerts',
  'visibility',
]);

const loopbackHosts = new Set(['127.0.0.1', 'localhost']);
const hostName =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const longestText = 2048;

/**
 * The origin (`https://acme.sentinelone.net`, without a slash at its end) of what a user gave as the host URL.
 * Adds a missing scheme and drops a console page's path, query and fragment.
 * @throws ConnectorError `host_refused`, whose message names what was wrong.
 */
export function parseHostUrl(text: string, policy: HostPolicy): string {
  const trimmed = text.trim();
  refuseOddText(trimmed);
  const url = toUrl(trimmed);
  const host = url.hostname.replace(/\.$/, '');
  // As it was written: 2130706433 and 127.1 are 127.0.0.1 to a URL parser, but nobody types them in good faith.
  const rawHost = rawAuthority(trimmed).replace(/:\d*$/, '').toLowerCase();
  if (!policy.loopback || !loopbackHosts.has(rawHost)) {
    refuseForeignHost(host, policy);
    if (url.protocol !== 'https:') throw hostRefused('The host URL must start with https://.');
    if (url.port !== '') throw hostRefused(`The host URL names port ${url.port}; only 443 is allowed.`);
  }
  refuseUnknownPath(url.pathname);
  return `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`;
}

/** True for an origin that only a policy with `loopback` lets through. */
export function isLoopback(origin: string): boolean {
  return loopbackHosts.has(new URL(origin).hostname);
}

function refuseOddText(text: string): void {
  if (text === '') throw hostRefused('The host URL is empty.');
  if (text.length > longestText) throw hostRefused(`The host URL is longer than ${longestText} characters.`);
  // URL parsers drop tabs and line breaks and read a backslash as a slash; other readers of the text do not.
  if (/[\p{Cc}\s]/u.test(text)) throw hostRefused('The host URL holds a space or a control character.');
  if (text.includes('\\')) throw hostRefused('The host URL holds a backslash.');
  if (/[^\x21-\x7e]/.test(text))
    throw hostRefused('The host URL holds letters outside ASCII, as look-alike hosts do.');
}

function toUrl(text: string): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') {
    throw hostRefused(`The host URL has the scheme "${scheme.slice(0, 20)}"; only https is allowed.`);
  }
  const authority = rawAuthority(text);
  // Never echoed: what stands before the @ may be a password.
  if (authority.includes('@')) throw hostRefused('The host URL holds a user name or password before an "@".');
  if (authority.includes('%')) throw hostRefused('The host name is percent-encoded.');
  if (authority === '') throw hostRefused('The host URL has no host name where one belongs.');
  // `javascript:…`, `https:host` and `mailto:…`, but not `host:443`.
  if (scheme === undefined && /:(?!\d*$)/.test(authority) && !authority.startsWith('[')) {
    throw hostRefused('The host URL has a scheme without "//", or a port that is no number.');
  }
  try {
    return new URL(scheme === undefined ? `https://${text}` : text);
  } catch {
    throw hostRefused('The host URL cannot be read as a URL.');
  }
}

/** What stands between the scheme and the first slash, question mark or number sign, as it was written. */
function rawAuthority(text: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)/i.exec(text)?.[1] ?? '';
}

function refuseForeignHost(host: string, policy: HostPolicy): void {
  if (host.startsWith('[') || isIP(host) !== 0) {
    throw hostRefused('The host URL holds an IP address where a host name belongs.');
  }
  const shown = redact(host);
  if (!hostName.test(host)) throw hostRefused(`"${shown}" is not a valid host name.`);
  if (host.split('.').some((label) => label.startsWith('xn--'))) {
    throw hostRefused(`"${shown}" is an internationalised host name, as look-alike hosts are.`);
  }
  const suffixes = policy.suffixes.map((suffix) => `.${suffix.toLowerCase().replace(/^\./, '')}`);
  if (suffixes.some((suffix) => suffix !== '.' && host.endsWith(suffix))) return;
  if (suffixes.includes(`.${host}`)) {
    throw hostRefused(
      `"${shown}" is the domain itself, not a host below it; the host's own name stands before it.`,
    );
  }
  if (suffixes.length === 0) throw hostRefused(`"${shown}" is refused, as every host: no domain is allowed.`);
  throw hostRefused(`"${shown}" is not below ${suffixes.join(' or ')}.`);
}

function refuseUnknownPath(path: string): void {
  const [first = '', second = ''] = path.toLowerCase().split('/').slice(1);
  if (first === '' && second === '') return;
  if (consolePages.has(first) || (first === 'web' && second === 'api')) return;
  throw hostRefused(`The path "/${redact(first).slice(0, 40)}" of the host URL is no page of the console.`);
}
