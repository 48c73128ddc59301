import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { NoteSide, NoteSubject } from '../core/port-note.ts';
import { notesOf, subjectId } from './port-notes.sql.ts';
import type { PortNoteRow } from './port-notes.sql.ts';
import { readPortOut } from './port-outs.sql.ts';
import { readOrder } from './ports.sql.ts';

/** Notes of ports: a tenant has those that it may see, the operator all of them. */
@Injectable()
export class PortNoteQueries {
  constructor(private readonly db: Database) {}

  /** In the order they were said. @throws AppError resource.not_found */
  async of(ctx: TenantContext, side: NoteSide, about: NoteSubject): Promise<readonly PortNoteRow[]> {
    await this.db.read(ctx, async (tx) => {
      if (about.portOrderId !== null) await readOrder(tx, ctx.tenantId, about.portOrderId);
      else await readPortOut(tx, ctx.tenantId, about.portOutId);
    });
    return this.rows(ctx, side, [subjectId(about)]);
  }

  /** The same of several orders or requests at once; those that are not the tenant's have none. */
  async ofAll(ctx: TenantContext, side: NoteSide, ids: readonly string[]): Promise<ReadonlyMap<string, readonly PortNoteRow[]>> {
    return Map.groupBy(await this.rows(ctx, side, ids), (note) => note.portOrderId ?? note.portOutId!);
  }

  private rows(ctx: TenantContext, side: NoteSide, ids: readonly string[]): Promise<readonly PortNoteRow[]> {
    if (side === 'operator') return this.db.ask(systemContext('port notes', ctx.requestId), notesOf, ctx.tenantId, ids);
    return this.db.read(ctx, (tx) => tx.query(notesOf, ctx.tenantId, ids));
  }
}
