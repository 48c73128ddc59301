import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, newId, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, DocumentVault, Sealer, audit } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import { demandEditable } from '../core/port-guards.ts';
import type { PortDocumentKind } from '../core/port-requirements.ts';
import { hashNumbers } from './hash-numbers.ts';
import { keepDocument, ownerOf } from './keep-document.ts';
import { readPortDocument, removePortDocument } from './port-documents.sql.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import { lockPort } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import { settledBy } from './settle-port.ts';

export type NewPortDocument = {
  readonly kind: PortDocumentKind;
  readonly fileName: string;
  readonly mediaType: string;
  readonly datedOn: string; // a date of the calendar
  readonly bytes: Buffer;
  readonly shareLinkId: string | null;
};

/**
 * The documents of an order. Bytes are stored before the row that tells of them, and removed after it: a process that is killed in between leaves sealed
 * bytes that nothing names, never a row without bytes.
 */
@Injectable()
export class PortDocuments {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly vault: DocumentVault,
  ) {}

  /** @throws AppError resource.not_found, document.*, request.invalid at /dated_on, port_order.command_refused, port_order.too_many_documents */
  async add(ctx: TenantContext, orderId: string, input: NewPortDocument): Promise<PortDocumentRow> {
    const { kind, fileName, bytes, shareLinkId } = input;
    const datedAt = this.demandPast(input.datedOn);
    const examined = await this.vault.examine(bytes, input.mediaType);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const port = await lockPort(tx, ctx.tenantId, orderId);
      demandEditable(port.standing);
      const numbersHash = kind === 'letter_of_authority' ? hashNumbers(port.numbers.map((n) => n.e164)) : null;
      const said = { id: newId(), orderId, kind, fileName, datedAt, numbersHash, signature: null, shareLinkId, createdAt: now };
      const document = { ...said, ...examined };
      await keepDocument(tx, ctx, { vault: this.vault, sealer: this.sealer }, port, document, bytes);
      return document;
    });
  }

  /** The document and its bytes, as they came. @throws AppError resource.not_found */
  async content(ctx: TenantContext, id: string): Promise<{ readonly document: PortDocumentRow; readonly bytes: Buffer }> {
    const document = await this.db.tx(ctx, async (tx) => {
      const found = await readPortDocument(tx, ctx.tenantId, id);
      if (!found) throw notFound();
      audit(tx, ctx, 'port_document.read', id, { portOrderId: found.orderId, kind: found.kind }); // who looked at somebody's papers
      return found;
    });
    return { document, bytes: await this.vault.get(ownerOf(ctx.tenantId, id), id, document.contentHash) };
  }

  /** @throws AppError resource.not_found, port_order.command_refused: what a carrier was given stays */
  async remove(ctx: TenantContext, id: string): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const found = await readPortDocument(tx, ctx.tenantId, id);
      if (!found) throw notFound();
      const port = await lockPort(tx, ctx.tenantId, found.orderId);
      if (port.standing.state === 'exception') throw new AppError(portingErrors.commandRefused, 'The carrier was given it: add another');
      demandEditable(port.standing);
      await removePortDocument(tx, ctx.tenantId, id, now);
      audit(tx, ctx, 'port_document.removed', id, { portOrderId: found.orderId, kind: found.kind });
      await recordPort(tx, ctx, port, [{ event: 'edited' }, ...(await settledBy(tx, this.sealer, port, now))], now);
    });
    await this.vault.remove(id);
  }

  private demandPast(datedOn: string): Date {
    const datedAt = new Date(`${datedOn}T00:00:00Z`);
    if (datedAt > this.clock.now()) throw invalidField('/query/dated_on', 'in_the_future', 'Its date has not come yet');
    return datedAt;
  }
}
