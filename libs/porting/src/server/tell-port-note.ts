import { Injectable } from '@nestjs/common';
import { PortOutCarriers, PortingCarrier } from '@trunkline/carriers/server';
import { Clock, newId, systemContext, toPublicId } from '@trunkline/kernel';
import { PostMail } from '@trunkline/people/server';
import { Database, PLATFORM_TENANT_ID } from '@trunkline/platform';
import { mentionMail } from '../core/port-note.ts';
import { announceNote } from './add-port-note.ts';
import { carrierNotesKnown, insertNote, markNoteSent, membersOf, noteOf } from './port-notes.sql.ts';
import type { PortNoteRow } from './port-notes.sql.ts';
import { lastRefOf, readPortOut } from './port-outs.sql.ts';
import { portingContext } from './porting-context.ts';
import { readOrder } from './ports.sql.ts';

const ctx = systemContext('tell port note');
const MAIL_LIVES_MS = 3 * 86_400_000;

/** Brings notes to those that they are for: people by mail, the carrier by its own means, and the carrier's to the tenant. */
@Injectable()
export class TellPortNote {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly mail: PostMail,
    private readonly carrier: PortingCarrier,
    private readonly portOuts: PortOutCarriers,
  ) {}

  async mention(tenantId: string, id: string): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      const [note] = await tx.query(noteOf, tenantId, id);
      if (!note) return;
      const expiresAt = new Date(this.clock.now().getTime() + MAIL_LIVES_MS);
      const text = mentionMail({ author: authorOf(note), about: aboutOf(note), body: note.body });
      for (const { email } of await tx.query(membersOf, tenantId, note.mentions, PLATFORM_TENANT_ID))
        await this.mail.execute(tx, email, text, expiresAt);
    });
  }

  /** Killed in between, it is told again with the same key. */
  async toCarrier(tenantId: string, id: string): Promise<void> {
    const tenant = portingContext(tenantId);
    const [note] = await this.db.read(tenant, (tx) => tx.query(noteOf, tenantId, id));
    if (!note || note.sentAt !== null) return;
    const key = toPublicId('portNote', id);
    await (note.portOutId === null ? this.ofOrder(tenantId, note, key) : this.ofPortOut(tenantId, note, note.portOutId, key));
    await this.db.tx(tenant, (tx) => markNoteSent(tx, tenantId, id, this.clock.now()));
  }

  private async ofOrder(tenantId: string, { portOrderId, body }: PortNoteRow, key: string): Promise<void> {
    const { carrierRef } = await this.db.read(portingContext(tenantId), (tx) => readOrder(tx, tenantId, portOrderId ?? ''));
    if (carrierRef !== null) await this.carrier.addNote(carrierRef, body, key);
  }

  private async ofPortOut(tenantId: string, { body }: PortNoteRow, portOutId: string, key: string): Promise<void> {
    const row = await this.db.read(portingContext(tenantId), (tx) => readPortOut(tx, tenantId, portOutId));
    const ref = await this.db.read(ctx, (tx) => lastRefOf(tx, row));
    await this.portOuts.named(row.carrier).addNote(ref, body, key);
  }

  /** Keeps what the carrier's people said of an order, each once. */
  async fromCarrier(tenantId: string, orderId: string, ref: string): Promise<void> {
    const said = await this.carrier.notes(ref);
    if (said.length === 0) return;
    const tenant = portingContext(tenantId);
    await this.db.tx(tenant, async (tx) => {
      const known = await carrierNotesKnown(tx, tenantId, orderId);
      for (const { id: carrierNoteId, text, at } of said.filter((note) => !known.has(note.id))) {
        const about = { id: newId(), portOrderId: orderId, portOutId: null, mentions: [], body: text, createdAt: at };
        const author = { side: 'carrier', authorId: this.carrier.name, authorMemberId: null, authorName: null } as const;
        const note: PortNoteRow = { ...about, ...author, audience: 'all', carrierNoteId, sentAt: null };
        if (await insertNote(tx, tenantId, note)) announceNote(tx, tenantId, note);
      }
    });
  }
}

const authorOf = ({ side, authorName }: PortNoteRow): string =>
  authorName ?? (side === 'tenant' ? 'Somebody of the tenant' : `The ${side}`);
const aboutOf = ({ portOrderId, portOutId }: PortNoteRow): string =>
  portOrderId !== null ? `port order ${toPublicId('portOrder', portOrderId)}` : `port-out ${toPublicId('portOut', portOutId!)}`;
