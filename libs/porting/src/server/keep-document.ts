import { AppError } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { audit, publish } from '@trunkline/platform';
import type { DocumentVault, Sealer, Tx } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import { insertPortDocument, listPapers } from './port-documents.sql.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import { setOrderFields } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import { settledBy } from './settle-port.ts';

const DOCUMENTS_MAX = 20;

/** What the bytes of a document are sealed for. */
export const ownerOf = (tenantId: string, id: string): string => `port_document:${tenantId}:${id}`;

type With = { readonly vault: DocumentVault; readonly sealer: Sealer };

/** Adds a document to an order that is locked. An order that lacked nothing else is ready then; one that was refused for it can be sent again. */
export const keepDocument = async (
  tx: Tx,
  ctx: TenantContext,
  { vault, sealer }: With,
  port: Port,
  document: PortDocumentRow,
  bytes: Buffer,
): Promise<void> => {
  const { id, kind, createdAt: now } = document;
  const { row } = port;
  if ((await listPapers(tx, ctx.tenantId, [row.id])).length >= DOCUMENTS_MAX)
    throw new AppError(portingErrors.tooManyDocuments, `An order has at most ${DOCUMENTS_MAX} documents`);
  await vault.put(ownerOf(ctx.tenantId, id), id, bytes);
  await insertPortDocument(tx, ctx.tenantId, document);
  await setOrderFields(tx, { ...row, fixedFields: [...new Set([...row.fixedFields, kind])] });
  audit(tx, ctx, 'port_document.added', id, {
    portOrderId: row.id,
    kind,
    isSigned: document.signature !== null,
    contentHash: document.contentHash.toString('hex'),
    shareLinkId: document.shareLinkId,
  });
  publish(tx, { type: 'port_document.added', tenantId: ctx.tenantId, data: { portDocumentId: id, portOrderId: row.id, kind } });
  await recordPort(tx, ctx, port, [{ event: 'edited' }, ...(await settledBy(tx, sealer, port, now))], now);
};
