import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import { Clock, newId, systemContext, toPublicId } from '@trunkline/kernel';
import { PostMail } from '@trunkline/people/server';
import { Database, PLATFORM_TENANT_ID } from '@trunkline/platform';
import { mentionMail } from '../core/port-note.ts';
import { announceNote } from './add-port-note.ts';
import { carrierNotesKnown, insertNote, markNoteSent, membersOf, noteOf } from './port-notes.sql.ts';
import type { PortNoteRow } from './port-notes.sql.ts';
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
    const [note, ref] = await this.db.read(tenant, async (tx) => {
      const [found] = await tx.query(noteOf, tenantId, id);
      const order = found?.portOrderId ? await readOrder(tx, tenantId, found.portOrderId) : null;
      return [found, order?.carrierRef ?? null] as const;
    });
    if (!note || note.sentAt !== null || ref === null) return;
    await this.carrier.addNote(ref, note.body, toPublicId('portNote', id));
    await this.db.tx(tenant, (tx) => markNoteSent(tx, tenantId, id, this.clock.now()));
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
