import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { addressKind } from './address-kind.ts';
import { hostRefused } from './host-refused.ts';

/** All addresses of a name, of both families. */
export type Resolver = (hostname: string) => Promise<readonly LookupAddress[]>;

const systemResolver: Resolver = (hostname) => lookup(hostname, { all: true, order: 'verbatim' });

/**
 * A DNS lookup for `https.Agent` that fails with ConnectorError `host_refused` when any address of the name is not
 * a public one. It runs when a connection is opened and its answer is what is connected to, so a name that
 * changes its address after a check gains nothing.
 */
export function guardedLookup(resolve: Resolver = systemResolver): LookupFunction {
  return (hostname, options, callback) => {
    resolvePublic(resolve, hostname, options.family).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(notFound(hostname), '', 0);
        else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0),
    );
  };
}

async function resolvePublic(
  resolve: Resolver,
  hostname: string,
  family: LookupOptions['family'],
): Promise<readonly LookupAddress[]> {
  const addresses = await resolve(hostname);
  for (const { address } of addresses) {
    const kind = addressKind(address);
    if (kind !== 'public') throw hostRefused(`"${hostname}" has the address ${address}, which is ${kind}.`);
  }
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : (family ?? 0);
  return wanted === 0 ? addresses : addresses.filter((address) => address.family === wanted);
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address of the family asked for`), {
    code: 'ENOTFOUND',
  });
}
