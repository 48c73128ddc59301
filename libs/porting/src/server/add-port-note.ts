import { Injectable } from '@nestjs/common';
import { PortOutCarriers } from '@trunkline/carriers/server';
import { AppError, Clock, invalidField, newId, systemContext } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import { NOTES_MAX, unmentionable } from '../core/port-note.ts';
import type { NoteAudience, NoteSide, NoteSubject } from '../core/port-note.ts';
import { authorOf, countNotes, insertNote, membersOf } from './port-notes.sql.ts';
import type { PortNoteRow } from './port-notes.sql.ts';
import { lastRefOf, readPortOut } from './port-outs.sql.ts';
import { readOrder } from './ports.sql.ts';

export const PORT_NOTE_MENTIONED = 'port_note.mentioned';
export const PORT_NOTE_CARRIER_DUE = 'port_note.carrier_due';

export type NewPortNote = { readonly text: string; readonly audience: NoteAudience; readonly mentions: readonly string[] };

/** What somebody says of a port: kept as it is, told to whoever it mentions, and to the carrier when it is meant for it. */
@Injectable()
export class AddPortNote {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly portOuts: PortOutCarriers,
  ) {}

  /** @throws AppError resource.not_found, request.invalid at /audience or /mentions/n, port_note.too_many */
  async execute(ctx: TenantContext, side: Exclude<NoteSide, 'carrier'>, about: NoteSubject, input: NewPortNote): Promise<PortNoteRow> {
    if (input.audience === 'internal' && side !== 'operator')
      throw invalidField('/audience', 'not_allowed', 'Only the operator has notes of its own');
    if (input.audience === 'carrier' && !(await this.hasCarrier(ctx, about)))
      throw invalidField('/audience', 'no_carrier', 'No carrier has it yet that could be told');
    const mentions = [...new Set(input.mentions)];
    await this.demandMentionable(ctx, { ...input, mentions });
    const author = await this.authorOf(ctx);
    const note: PortNoteRow = {
      ...{ id: newId(), ...about, side, authorId: ctx.actor.id, ...author, body: input.text, audience: input.audience, mentions },
      ...{ carrierNoteId: null, sentAt: null, createdAt: this.clock.now() },
    };
    // what a tenant must not see is written by the operator's role, and audited where no tenant looks
    const door: TenantContext | SystemContext =
      note.audience === 'internal' ? { ...systemContext('internal port note', ctx.requestId), actor: ctx.actor } : ctx;
    await this.db.tx(door, async (tx) => {
      await demandSubject(tx, ctx.tenantId, about);
      if ((await countNotes(tx, ctx.tenantId, about)) >= NOTES_MAX) throw new AppError(portingErrors.tooManyNotes);
      await insertNote(tx, ctx.tenantId, note);
      if (note.audience === 'internal') audit(tx, door, 'port_note.added_internally', note.id, { ...about, side });
      else audit(tx, door, 'port_note.added', note.id, { ...about, side });
      announceNote(tx, ctx.tenantId, note);
    });
    return note;
  }

  /** Whether somebody could be told: once there is somebody, there always is. */
  private async hasCarrier(ctx: TenantContext, { portOrderId, portOutId }: NoteSubject): Promise<boolean> {
    if (portOutId === null) return (await this.db.read(ctx, (tx) => readOrder(tx, ctx.tenantId, portOrderId))).carrierRef !== null;
    const row = await this.db.read(ctx, (tx) => readPortOut(tx, ctx.tenantId, portOutId));
    const ref = await this.db.read(systemContext('name of a port-out', ctx.requestId), (tx) => lastRefOf(tx, row));
    return this.portOuts.all.some((carrier) => carrier.name === row.carrier && carrier.takesNotes(ref));
  }

  private async demandMentionable({ tenantId, requestId }: TenantContext, { mentions, audience }: NewPortNote): Promise<void> {
    if (mentions.length === 0) return;
    const known = await this.db.ask(systemContext('members to mention', requestId), membersOf, tenantId, mentions, PLATFORM_TENANT_ID);
    const [wrong] = unmentionable(mentions, known, audience);
    if (wrong !== undefined) throw invalidField(`/mentions/${wrong}`, 'unknown', 'Nobody who could see the note has this id');
  }

  private async authorOf({ actor, tenantId, requestId }: TenantContext): Promise<Pick<PortNoteRow, 'authorMemberId' | 'authorName'>> {
    if (actor.type !== 'person') return { authorMemberId: null, authorName: null };
    const [found] = await this.db.ask(systemContext('author of a note', requestId), authorOf, tenantId, actor.id, PLATFORM_TENANT_ID);
    return { authorMemberId: found?.memberId ?? null, authorName: found?.name ?? null };
  }
}

const demandSubject = async (tx: Tx, tenantId: string, { portOrderId, portOutId }: NoteSubject): Promise<unknown> =>
  portOutId === null ? readOrder(tx, tenantId, portOrderId) : readPortOut(tx, tenantId, portOutId);

/** Tells whoever listens of a note, and has those that it is for mailed and told. */
export const announceNote = (tx: Tx, tenantId: string, { id, portOrderId, portOutId, side, audience, mentions }: PortNoteRow): void => {
  const data = { portNoteId: id, portOrderId, portOutId, side };
  if (audience !== 'internal') publish(tx, { type: 'port_note.added', tenantId, data });
  if (mentions.length > 0) publish(tx, { type: PORT_NOTE_MENTIONED, tenantId, data: { portNoteId: id } });
  if (audience === 'carrier') publish(tx, { type: PORT_NOTE_CARRIER_DUE, tenantId, data: { portNoteId: id } });
};
