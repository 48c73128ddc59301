import { toPublicId } from '@trunkline/kernel';
import { idOut, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { PORT_DOCUMENT_KINDS } from '../core/port-requirements.ts';
import { letterOut, letterToWire } from './port-documents.schema.ts';
import { SHARE_ABILITIES } from './port-share-links.sql.ts';
import type { PortShareLinkRow } from './port-share-links.sql.ts';
import type { SharedPort } from './visit-shared-port.ts';

const HOURS_MAX = 720;
const abilities = z.array(z.enum(SHARE_ABILITIES));

export const newShareLink = z
  .strictObject({
    allows: abilities
      .min(1)
      .max(SHARE_ABILITIES.length)
      .default([...SHARE_ABILITIES]),
    expires_in_hours: z.int().min(1).max(HOURS_MAX).default(168),
  })
  .meta({ id: 'NewPortShareLink' });
export const shareLinkOut = z
  .strictObject({
    id: idOut('portShareLink'),
    object: z.literal('port_share_link'),
    order_id: idOut('portOrder'),
    allows: abilities,
    expires_at: timestampOut(),
    revoked_at: timestampOut().nullable(),
    used_at: timestampOut().nullable().describe('The last time'),
    created_at: timestampOut(),
  })
  .meta({ id: 'PortShareLink' });
export const madeShareLinkOut = z
  .strictObject({ ...shareLinkOut.shape, url: z.string().describe('The page to send; it is told this once') })
  .meta({ id: 'MadePortShareLink' });
export const shareLinksOut = z.strictObject({ data: z.array(shareLinkOut) }).meta({ id: 'PortShareLinks' });

export const tokenIn = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the token of a link')
  .meta({ example: 'p4YbJ0uHq9mVx2cNf7TtLw3ZrKs8eDgXa1iQoB6yU5E' });
export const sharedPortOut = z
  .strictObject({
    object: z.literal('shared_port'),
    allows: abilities,
    expires_at: timestampOut(),
    number_count: z.int(),
    documents: z.array(
      z
        .strictObject({
          kind: z.enum(PORT_DOCUMENT_KINDS),
          max_age_days: z.int(),
          fault: z.string().nullable().describe('null: it is there'),
        })
        .meta({ id: 'SharedPortDocument' }),
    ),
    letter: letterOut.nullable().describe('What is to be signed; null: nothing, or the account is not told whole yet'),
  })
  .meta({ id: 'SharedPort' });
export const receivedOut = z
  .strictObject({ object: z.literal('received_port_document'), kind: z.enum(PORT_DOCUMENT_KINDS), sha256: z.string() })
  .meta({ id: 'ReceivedPortDocument' });

export const shareLinkToWire = (l: PortShareLinkRow): z.infer<typeof shareLinkOut> => ({
  id: toPublicId('portShareLink', l.id),
  object: 'port_share_link',
  order_id: toPublicId('portOrder', l.orderId),
  allows: [...l.allows],
  expires_at: l.expiresAt.toISOString(),
  revoked_at: l.revokedAt?.toISOString() ?? null,
  used_at: l.usedAt?.toISOString() ?? null,
  created_at: l.createdAt.toISOString(),
});

export const sharedPortToWire = ({ link, numberCount, documents, letter }: SharedPort): z.infer<typeof sharedPortOut> => ({
  object: 'shared_port',
  allows: [...link.allows],
  expires_at: link.expiresAt.toISOString(),
  number_count: numberCount,
  documents: documents.map(({ kind, maxAgeDays, fault }) => ({ kind, max_age_days: maxAgeDays, fault })),
  letter: letter && letterToWire(letter),
});
