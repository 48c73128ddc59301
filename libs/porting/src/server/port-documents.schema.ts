import { toPublicId } from '@trunkline/kernel';
import { DOCUMENT_TYPES, idOut, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { authorityOf } from '../core/letter-of-authority.ts';
import { PORT_DOCUMENT_KINDS } from '../core/port-requirements.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import type { UnsignedLetter } from './sign-port-letter.ts';

export const newPortDocument = z.strictObject({
  kind: z.enum(PORT_DOCUMENT_KINDS),
  file_name: text(120),
  dated_on: z.iso
    .date()
    .meta({ example: '2026-11-20' })
    .describe('The date that the document has: of a bill when it was made, of a letter when it was signed'),
});

const signatureOut = z
  .strictObject({
    signer_name: z.string(),
    signer_title: z.string().nullable(),
    signed_at: timestampOut(),
    address: z.string().describe('That the request came from'),
    user_agent: z.string(),
    numbers_sha256: z.string().describe('Of the sorted numbers, a line feed between them'),
  })
  .meta({ id: 'PortLetterSignature' });
export const documentOut = z
  .strictObject({
    id: idOut('portDocument'),
    object: z.literal('port_document'),
    order_id: idOut('portOrder'),
    kind: z.enum(PORT_DOCUMENT_KINDS),
    file_name: z.string(),
    media_type: z.enum(Object.keys(DOCUMENT_TYPES)),
    byte_count: z.int(),
    sha256: z.string().describe('Of the bytes as they came'),
    dated_at: timestampOut(),
    signature: signatureOut.nullable().describe('Of a letter that was signed here; null for what was signed on paper'),
    scanned_by: z.string().describe('What looked for viruses in it'),
    share_link_id: idOut('portShareLink').nullable().describe('The link that it came by; null: by the API'),
    created_at: timestampOut(),
  })
  .meta({ id: 'PortDocument' });

export const letterOut = z
  .strictObject({
    object: z.literal('port_letter'),
    subscriber_name: z.string(),
    address_lines: z.array(z.string()),
    account_number: z.string().nullable(),
    billing_number: z.string().nullable(),
    losing_carrier: z.string(),
    gaining_carrier: z.string(),
    numbers: z.array(z.string()),
    numbers_stay: z.boolean().describe('The account keeps others'),
    numbers_sha256: z.string().describe('Sent back with the signature, so that nobody signs another list than was shown'),
    authority: z.string().describe('What whoever signs declares'),
    signer_name: z.string().nullable().describe('Who is to sign; null: whoever may'),
  })
  .meta({ id: 'PortLetter' });
export const letterSigning = z
  .strictObject({
    signer_name: text(80),
    signer_title: text(80).nullable().default(null),
    numbers_sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be numbers_sha256 of the letter')
      .meta({ example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' }),
  })
  .meta({ id: 'PortLetterSigning' });

export const letterToWire = (l: UnsignedLetter): z.infer<typeof letterOut> => ({
  object: 'port_letter',
  subscriber_name: l.subscriberName,
  address_lines: [...l.addressLines],
  account_number: l.accountNumber,
  billing_number: l.billingNumber,
  losing_carrier: l.losingCarrier,
  gaining_carrier: l.gainingCarrier,
  numbers: [...l.numbers],
  numbers_stay: l.numbersStay,
  numbers_sha256: l.numbersHash,
  authority: authorityOf(l.gainingCarrier, l.losingCarrier),
  signer_name: l.signerName,
});

export const portDocumentToWire = (d: PortDocumentRow): z.infer<typeof documentOut> => ({
  id: toPublicId('portDocument', d.id),
  object: 'port_document',
  order_id: toPublicId('portOrder', d.orderId),
  kind: d.kind,
  file_name: d.fileName,
  media_type: d.mediaType,
  byte_count: d.byteCount,
  sha256: d.contentHash.toString('hex'),
  dated_at: d.datedAt.toISOString(),
  signature: d.signature && {
    signer_name: d.signature.signerName,
    signer_title: d.signature.signerTitle,
    signed_at: d.signature.signedAt,
    address: d.signature.address,
    user_agent: d.signature.userAgent,
    numbers_sha256: d.signature.numbersHash,
  },
  scanned_by: d.scannedBy,
  share_link_id: d.shareLinkId && toPublicId('portShareLink', d.shareLinkId),
  created_at: d.createdAt.toISOString(),
});
