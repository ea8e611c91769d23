import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header that carries the signature, `t=<unix seconds>,v1=<hex>`. */
export const signatureHeader = 'Sentinel-Lake-Signature';
/** The header that carries the event's id: what a receiver knows a repeated delivery by. */
export const eventIdHeader = 'Sentinel-Lake-Event-Id';

/**
 * The signature of a body: HMAC-SHA256 over `<timestamp>.<body>` with the whole secret, `whsec_` included, as the key.
 * @param now epoch milliseconds
 */
export function sign(secret: string, body: string, now: number): string {
  const timestamp = String(Math.floor(now / 1000));
  return `t=${timestamp},v1=${digest(secret, timestamp, body).toString('hex')}`;
}

/**
 * True for a signature of exactly this body with this secret that is not older, and not further in the future, than the
 * tolerance. Other parts of the header (`v2=…`) are passed over; one of several `v1` is enough.
 * @param now epoch milliseconds
 */
export function verifySignature(
  secret: string,
  header: string,
  body: string,
  now: number,
  toleranceSeconds: number,
): boolean {
  const parts = header.split(',').map((part) => part.trim());
  const timestamp = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Math.floor(now / 1000) - Number(timestamp)) > toleranceSeconds) return false;
  const expected = digest(secret, timestamp, body);
  return parts.some(
    (part) => /^v1=[0-9a-f]{64}$/.test(part) && timingSafeEqual(Buffer.from(part.slice(3), 'hex'), expected),
  );
}

function digest(secret: string, timestamp: string, body: string): Buffer {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
}
