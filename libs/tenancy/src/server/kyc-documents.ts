import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, DocumentVault, audit, documentTypeOf } from '@trunkline/platform';
import { tenancyErrors } from '../core/errors.ts';
import type { DocumentKind } from '../core/kyc-file.ts';
import { isEditable } from '../core/kyc-state.ts';
import { deleteDocument, insertDocument, listDocuments, lockFile, readDocument } from './kyc.sql.ts';
import type { KycDocument } from './kyc.sql.ts';

export type NewDocument = { readonly kind: DocumentKind; readonly fileName: string; readonly mediaType: string; readonly bytes: Buffer };

const DOCUMENTS_MAX = 20;
const sealFor = (tenantId: string, id: string) => `kyc_document:${tenantId}:${id}`;

/**
 * The documents of a tenant's file. Bytes are stored before the row that tells of them, and removed after it: a process that is killed in between leaves
 * sealed bytes that nothing names, never a row without bytes.
 */
@Injectable()
export class KycDocuments {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly vault: DocumentVault,
  ) {}

  /** @throws AppError kyc.document_type, document.infected, document.not_scanned, kyc.not_editable, kyc.too_many_documents */
  async add(ctx: TenantContext, { bytes, ...input }: NewDocument): Promise<KycDocument> {
    const mediaType = documentTypeOf(bytes);
    if (mediaType === undefined || mediaType !== input.mediaType) throw new AppError(tenancyErrors.kycDocumentType);
    const { byteCount, contentHash } = await this.vault.examine(bytes, mediaType);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const { state } = await lockFile(tx, ctx.tenantId, now);
      if (!isEditable(state) && state !== 'approved') throw new AppError(tenancyErrors.kycNotEditable, `The file is ${state}`);
      if ((await listDocuments(tx, ctx.tenantId)).length >= DOCUMENTS_MAX) throw new AppError(tenancyErrors.kycTooManyDocuments);
      const document: KycDocument = { id: newId(), ...input, mediaType, byteCount, contentHash, createdAt: now };
      await this.vault.put(sealFor(ctx.tenantId, document.id), document.id, bytes);
      await insertDocument(tx, ctx.tenantId, document);
      audit(tx, ctx, 'kyc_document.added', document.id, { kind: document.kind, mediaType, contentHash: contentHash.toString('hex') });
      return document;
    });
  }

  /** The document and its bytes, as they came. @throws AppError resource.not_found */
  async content(ctx: TenantContext, id: string): Promise<{ readonly document: KycDocument; readonly bytes: Buffer }> {
    const document = await this.db.tx(ctx, async (tx) => {
      const found = await readDocument(tx, ctx.tenantId, id);
      if (!found) throw notFound();
      audit(tx, ctx, 'kyc_document.read', id); // who looked at somebody's papers
      return found;
    });
    return { document, bytes: await this.vault.get(sealFor(ctx.tenantId, id), id, document.contentHash) };
  }

  /** @throws AppError resource.not_found, kyc.not_editable */
  async remove(ctx: TenantContext, id: string): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      if (!(await readDocument(tx, ctx.tenantId, id))) throw notFound();
      const { state } = await lockFile(tx, ctx.tenantId, now);
      if (!isEditable(state)) throw new AppError(tenancyErrors.kycNotEditable, `The file is ${state}`);
      if (!(await deleteDocument(tx, ctx.tenantId, id, now))) throw notFound();
      audit(tx, ctx, 'kyc_document.removed', id);
    });
    await this.vault.remove(id);
  }
}
