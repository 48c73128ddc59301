import { createPublicKey, verify } from 'node:crypto';
import { AppError } from '@trunkline/kernel';
import { z } from 'zod';
import { carrierErrors } from '../../core/errors.ts';
import type { SignedMessage } from '../number-supplier.ts';

/** A signature counts for as long as Telnyx's own libraries let it; a repeat within it only makes us look. */
const TOLERANCE_SECS = 300;
/** What makes a raw Ed25519 key one of SubjectPublicKeyInfo (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const event = z.object({
  data: z.object({ event_type: z.string(), payload: z.object({ customer_reference: z.string().nullish() }).optional() }),
});

/**
 * Reads what Telnyx tells by itself, signed over its time and the body as it came.
 * @param publicKey the account's, as its portal shows it: 32 bytes, base64
 * @returns the reference of the order that it is about; null when it is about none
 * @throws AppError carrier.bad_signature
 */
export const readTelnyxWebhook = ({ rawBody, header }: SignedMessage, publicKey: string, now: Date): string | null => {
  const timestamp = header('telnyx-timestamp') ?? '';
  const signature = Buffer.from(header('telnyx-signature-ed25519') ?? '', 'base64');
  const isTimely = /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= TOLERANCE_SECS;
  const key = createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(publicKey, 'base64')]), format: 'der', type: 'spki' });
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), rawBody]);
  if (!isTimely || !verify(null, signed, key, signature)) throw new AppError(carrierErrors.badSignature);
  const { data: said } = event.safeParse(JSON.parse(Buffer.from(rawBody).toString('utf8')));
  return said?.data.event_type === 'number_order.complete' ? (said.data.payload?.customer_reference ?? null) : null;
};
