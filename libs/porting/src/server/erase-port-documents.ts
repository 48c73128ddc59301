import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, DocumentVault, Log, audit } from '@trunkline/platform';
import { TERMINAL_STATES } from '../core/port-in-machine.ts';
import { portingContext } from './porting-context.ts';
import { listSpentDocuments, markErased } from './port-documents.sql.ts';

/** British carriers may ask for a letter for 12 months; no country that is known here wants more. */
const KEPT_MONTHS = 12;
const context = systemContext('erase port documents');

/** Erases the documents of orders that ended long ago, and bytes that a removal left behind. The row stays: what there was, and its hash. */
@Injectable()
export class ErasePortDocuments {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly vault: DocumentVault,
  ) {}

  /** Bytes go first, and going twice is fine: killed in between, the next sweep goes on. @returns how many were erased */
  async execute(): Promise<number> {
    const now = this.clock.now();
    const endedBefore = new Date(now);
    endedBefore.setUTCMonth(endedBefore.getUTCMonth() - KEPT_MONTHS);
    const spent = await this.db.read(context, (tx) => listSpentDocuments(tx, TERMINAL_STATES, endedBefore));
    let erased = 0;
    for (const { tenantId, id, orderId } of spent)
      await this.erase(tenantId, id, orderId, now).then(
        () => erased++,
        (err: unknown) => this.log.error({ err, portDocumentId: id }, 'left for the next sweep of documents'),
      );
    return erased;
  }

  private async erase(tenantId: string, id: string, portOrderId: string, now: Date): Promise<void> {
    await this.vault.remove(id);
    const ctx = portingContext(tenantId);
    await this.db.tx(ctx, async (tx) => {
      await markErased(tx, tenantId, id, now);
      audit(tx, ctx, 'port_document.erased', id, { portOrderId });
    });
  }
}
