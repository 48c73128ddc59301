import { sql } from '@trunkline/platform';
import type { DocumentType, Tx } from '@trunkline/platform';
import type { LetterSignature } from '../core/letter-of-authority.ts';
import type { PortDocumentKind } from '../core/port-requirements.ts';

/** The evidence of a signature as it is kept: `signedAt` as text, for it is in JSON. */
export type KeptSignature = Omit<LetterSignature, 'signedAt'> & { readonly signedAt: string };
export type PortDocumentRow = {
  readonly id: string;
  readonly orderId: string;
  readonly kind: PortDocumentKind;
  readonly fileName: string;
  readonly mediaType: DocumentType;
  readonly byteCount: number;
  readonly contentHash: Buffer;
  readonly datedAt: Date;
  readonly numbersHash: string | null;
  readonly signature: KeptSignature | null;
  readonly scannedBy: string;
  readonly shareLinkId: string | null;
  readonly createdAt: Date;
};

const DOCUMENT = `SELECT id, order_id AS "orderId", kind, file_name AS "fileName", media_type AS "mediaType", byte_count AS "byteCount", content_hash AS "contentHash",
    dated_at AS "datedAt", numbers_hash AS "numbersHash", signature, scanned_by AS "scannedBy", share_link_id AS "shareLinkId", created_at AS "createdAt" FROM port_document`;
const THERE = 'removed_at IS NULL AND erased_at IS NULL';

const papers = sql<PortDocumentRow>(
  'port-documents-of',
  `${DOCUMENT} WHERE tenant_id = $1 AND order_id = ANY ($2::uuid[]) AND ${THERE} ORDER BY created_at, id`,
);
const document = sql<PortDocumentRow>('port-document', `${DOCUMENT} WHERE tenant_id = $1 AND id = $2 AND ${THERE}`);
const insert = sql(
  'port-document-insert',
  `INSERT INTO port_document (tenant_id, id, order_id, kind, file_name, media_type, byte_count, content_hash, dated_at, numbers_hash, signature, scanned_by, share_link_id, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);
const remove = sql('port-document-remove', `UPDATE port_document SET removed_at = $3 WHERE tenant_id = $1 AND id = $2`);
const spent = sql<{ tenantId: string; id: string; orderId: string }>(
  'port-documents-spent',
  `SELECT d.tenant_id AS "tenantId", d.id, d.order_id AS "orderId" FROM port_document d JOIN port_order o ON o.tenant_id = d.tenant_id AND o.id = d.order_id
   WHERE d.erased_at IS NULL AND (d.removed_at IS NOT NULL OR (o.state = ANY ($1::text[]) AND o.state_since <= $2)) ORDER BY d.created_at LIMIT 500`,
);
const erase = sql('port-document-erase', `UPDATE port_document SET erased_at = $3 WHERE tenant_id = $1 AND id = $2`);

export const listPapers = (tx: Tx, tenantId: string, orderIds: readonly string[]) => tx.query(papers, tenantId, orderIds);
export const readPortDocument = async (tx: Tx, tenantId: string, id: string): Promise<PortDocumentRow | undefined> =>
  (await tx.query(document, tenantId, id))[0];
export const insertPortDocument = (tx: Tx, tenantId: string, d: PortDocumentRow) =>
  tx.query(
    insert,
    ...[tenantId, d.id, d.orderId, d.kind, d.fileName, d.mediaType, d.byteCount, d.contentHash, d.datedAt, d.numbersHash],
    ...[d.signature && JSON.stringify(d.signature), d.scannedBy, d.shareLinkId, d.createdAt],
  );
export const removePortDocument = (tx: Tx, tenantId: string, id: string, now: Date) => tx.query(remove, tenantId, id, now);
/** Documents that were taken out, or whose order ended before. */
export const listSpentDocuments = (tx: Tx, endStates: readonly string[], endedBefore: Date) => tx.query(spent, endStates, endedBefore);
export const markErased = (tx: Tx, tenantId: string, id: string, now: Date) => tx.query(erase, tenantId, id, now);
