import { createHmac, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** What an endpoint's messages are signed with: a shared secret, and the seed of an ed25519 key for those who would rather not share one. */
export type WebhookKeys = { readonly secret: string; readonly seed: string };

const SECRET_BYTES = 32; // Standard Webhooks 1.0 asks for 24 to 64
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410 §7, before the seed

export const newKeys = (): WebhookKeys => ({
  secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
  seed: randomBytes(32).toString('base64'),
});

const privateKey = (seed: string): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, Buffer.from(seed, 'base64')]), format: 'der', type: 'pkcs8' });

/** The public half, as Standard Webhooks writes it. */
export const publicKeyOf = ({ seed }: WebhookKeys): string => {
  const { x } = createPublicKey(privateKey(seed)).export({ format: 'jwk' });
  return `whpk_${Buffer.from(x ?? '', 'base64url').toString('base64')}`;
};

const signed = (id: string, timestamp: number, body: string): Buffer => Buffer.from(`${id}.${timestamp}.${body}`);

/** HMAC-SHA256 with the secret. */
export const signV1 = (secret: string, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(signed(id, timestamp, body))
    .digest('base64')}`;

/** ed25519 with the seed's key. */
export const signV1a = (seed: string, id: string, timestamp: number, body: string): string =>
  `v1a,${sign(null, signed(id, timestamp, body), privateKey(seed)).toString('base64')}`;

/**
 * The three headers of Standard Webhooks 1.0.
 * @param keys all that are valid now: while keys change, old and new sign
 */
export const signatureHeaders = (keys: readonly WebhookKeys[], id: string, at: Date, body: string): Record<string, string> => {
  const timestamp = Math.floor(at.getTime() / 1000);
  const signatures = [
    ...keys.map(({ secret }) => signV1(secret, id, timestamp, body)),
    ...keys.map(({ seed }) => signV1a(seed, id, timestamp, body)),
  ];
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
};
