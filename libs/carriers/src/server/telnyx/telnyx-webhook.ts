import { createPublicKey, verify } from 'node:crypto';
import { AppError } from '@trunkline/kernel';
import { z } from 'zod';
import { carrierErrors } from '../../core/errors.ts';
import type { SignedMessage } from '../number-supplier.ts';

export const TELNYX_SIGNATURE = 'telnyx-signature-ed25519';
/** A signature counts for as long as Telnyx's own libraries let it; a repeat within it only makes us look. */
const TOLERANCE_SECS = 300;
/** What makes a raw Ed25519 key one of SubjectPublicKeyInfo (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const orderEvent = z.object({
  data: z.object({ event_type: z.string(), payload: z.object({ customer_reference: z.string().nullish() }).optional() }),
});
const portEvent = z.object({
  data: z.object({
    id: z.string(),
    event_type: z.string(),
    payload: z
      .object({ id: z.string(), porting_order_id: z.string(), from: z.object({ id: z.string() }) })
      .partial()
      .nullish(),
  }),
});

const portOutEvent = z.object({
  data: z.object({ event_type: z.string(), payload: z.object({ id: z.string(), portout_id: z.string() }).partial().nullish() }),
});

/**
 * Reads what Telnyx tells by itself, signed over its time and the body as it came.
 * @param publicKey the account's, as its portal shows it: 32 bytes, base64
 * @returns the reference of the order that it is about; null when it is about none
 * @throws AppError carrier.bad_signature
 */
export const readTelnyxWebhook = (message: SignedMessage, publicKey: string, now: Date): string | null => {
  const { data: said } = orderEvent.safeParse(verified(message, publicKey, now));
  return said?.data.event_type === 'number_order.complete' ? (said.data.payload?.customer_reference ?? null) : null;
};

/** As above, of ports. @returns the message's id and the porting order's; null when it is about none */
export const readTelnyxPortWebhook = (message: SignedMessage, publicKey: string, now: Date): { eventId: string; ref: string } | null => {
  const { data: said } = portEvent.safeParse(verified(message, publicKey, now));
  if (!said?.data.event_type.startsWith('porting_order.')) return null;
  const { id: eventId, payload } = said.data;
  const ref = payload?.porting_order_id ?? payload?.from?.id ?? payload?.id; // of a comment, a split, a change
  return ref === undefined ? null : { eventId, ref };
};

/** As above, of numbers that leave. @returns the request that it is about; null when it is about none */
export const readTelnyxPortOutWebhook = (message: SignedMessage, publicKey: string, now: Date): string | null => {
  const { data: said } = portOutEvent.safeParse(verified(message, publicKey, now));
  if (!said?.data.event_type.startsWith('portout.')) return null;
  return said.data.payload?.portout_id ?? said.data.payload?.id ?? null; // of a comment, or of the request itself
};

const verified = ({ rawBody, header }: SignedMessage, publicKey: string, now: Date): unknown => {
  const timestamp = header('telnyx-timestamp') ?? '';
  const signature = Buffer.from(header(TELNYX_SIGNATURE) ?? '', 'base64');
  const isTimely = /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= TOLERANCE_SECS;
  const key = createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(publicKey, 'base64')]), format: 'der', type: 'spki' });
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), rawBody]);
  if (!isTimely || !verify(null, signed, key, signature)) throw new AppError(carrierErrors.badSignature);
  return JSON.parse(Buffer.from(rawBody).toString('utf8'));
};
