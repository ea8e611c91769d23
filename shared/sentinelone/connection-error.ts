import { ConnectorError, type ConnectorErrorDetails } from '../errors.ts';

type Meaning = Pick<ConnectorErrorDetails, 'code' | 'health' | 'retryable' | 'recommendation'>;

const tryAgain: Meaning = {
  code: 'connection_failed',
  health: 'unavailable',
  retryable: true,
  recommendation:
    "Nothing to do: the request is tried again with growing pauses. If it lasts, check the host URL and the network's way out (DNS, routes, firewall).",
};

const nameNotResolved: Meaning = {
  ...tryAgain,
  code: 'name_not_resolved',
  recommendation:
    'Check the host URL for a typing mistake, and that this network resolves public names (DNS). The request is tried again with growing pauses.',
};

const refused: Meaning = {
  ...tryAgain,
  code: 'connection_refused',
  recommendation:
    'Check the host URL, and that nothing between here and the console (firewall, proxy) refuses the connection. The request is tried again with growing pauses.',
};

const badCertificate: Meaning = {
  code: 'certificate_refused',
  health: 'host',
  retryable: false,
  recommendation:
    'Check that the host URL is the console and that nothing in between opens the TLS connection; the certificate must be valid for the host and issued by a public authority.',
};

const badTls: Meaning = { ...tryAgain, code: 'tls_failed' };
const badHttp: Meaning = { ...tryAgain, code: 'response_malformed' };

/** The others of `sentences` are `tryAgain`. */
const meanings: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: refused,
  ENOTFOUND: nameNotResolved,
  EAI_AGAIN: nameNotResolved,
  EAI_FAIL: nameNotResolved,
};

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was aborted',
  EPIPE: 'the connection was closed while the request was sent',
  ETIMEDOUT: 'the connection could not be opened in time',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to its network',
  EADDRNOTAVAIL: 'there is no local address left to connect from',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be resolved just now',
  EAI_FAIL: 'the host name could not be resolved',
};

/**
 * What a failure below HTTP means, or undefined where it is none of these, but a bug. Only the error's code is
 * used: its text and properties may hold bytes of the answer.
 * @param request what was asked, for the message: `GET https://acme.sentinelone.net`
 */
export function connectionError(error: unknown, request: string): ConnectorError | undefined {
  const code = codeOf(error);
  const found = code === undefined ? undefined : meaningOf(code);
  if (!found) return undefined;
  return new ConnectorError({ ...found.meaning, message: `${request}: ${found.sentence} (${code})` });
}

function meaningOf(code: string): { readonly meaning: Meaning; readonly sentence: string } | undefined {
  const sentence = sentences[code];
  if (sentence !== undefined) return { meaning: meanings[code] ?? tryAgain, sentence };
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH|INVALID_CA/.test(code)) {
    return { meaning: badCertificate, sentence: 'the certificate of the host cannot be trusted' };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return { meaning: badTls, sentence: 'the TLS connection failed' };
  }
  if (code.startsWith('HPE_')) return { meaning: badHttp, sentence: 'the answer is not valid HTTP' };
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
