import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Mentionable, NoteAudience, NoteSide, NoteSubject } from '../core/port-note.ts';

export type PortNoteRow = {
  readonly id: string;
  readonly portOrderId: string | null;
  readonly portOutId: string | null;
  readonly side: NoteSide;
  readonly authorId: string;
  readonly authorMemberId: string | null;
  readonly authorName: string | null;
  readonly audience: NoteAudience;
  readonly body: string;
  readonly mentions: readonly string[];
  readonly carrierNoteId: string | null;
  readonly sentAt: Date | null;
  readonly createdAt: Date;
};

const COLUMNS = `id, port_order_id AS "portOrderId", port_out_id AS "portOutId", side, author_id AS "authorId", author_member_id AS "authorMemberId",
  author_name AS "authorName", audience, body, mentions, carrier_note_id AS "carrierNoteId", sent_at AS "sentAt", created_at AS "createdAt"`;

/** Of one tenant: what its policy hides is hidden; the operator's role sees all. */
export const notesOf = sql<PortNoteRow>(
  'port-notes-of',
  `SELECT ${COLUMNS} FROM port_note WHERE tenant_id = $1 AND (port_order_id = ANY ($2::uuid[]) OR port_out_id = ANY ($2::uuid[])) ORDER BY created_at, id`,
);
export const noteOf = sql<PortNoteRow>('port-note', `SELECT ${COLUMNS} FROM port_note WHERE tenant_id = $1 AND id = $2`);
const count = sql<{ n: number }>(
  'port-notes-count',
  `SELECT count(*)::int AS n FROM port_note WHERE tenant_id = $1 AND (port_order_id = $2 OR port_out_id = $2)`,
);
const insert = sql<{ id: string }>(
  'port-note-insert',
  `INSERT INTO port_note (tenant_id, id, port_order_id, port_out_id, side, author_id, author_member_id, author_name, audience, body, mentions, carrier_note_id, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (tenant_id, port_order_id, carrier_note_id) DO NOTHING RETURNING id`,
);
const sent = sql('port-note-sent', `UPDATE port_note SET sent_at = $3 WHERE tenant_id = $1 AND id = $2 AND sent_at IS NULL`);
const known = sql<{ carrierNoteId: string }>(
  'port-notes-of-carrier',
  `SELECT carrier_note_id AS "carrierNoteId" FROM port_note WHERE tenant_id = $1 AND port_order_id = $2 AND side = 'carrier'`,
);
/** Who can be mentioned: the tenant's members and the operator's. */
export const membersOf = sql<Mentionable & { readonly email: string }>(
  'port-note-members',
  `SELECT m.id, m.tenant_id = $3 AS "isOperators", p.email FROM member m JOIN person p ON p.id = m.person_id
   WHERE m.id = ANY ($2::uuid[]) AND m.tenant_id IN ($1, $3) AND m.disabled_at IS NULL ORDER BY p.email`,
);
export const authorOf = sql<{ memberId: string; name: string }>(
  'port-note-author',
  `SELECT m.id AS "memberId", p.name FROM member m JOIN person p ON p.id = m.person_id WHERE m.person_id = $2 AND m.tenant_id IN ($1, $3) LIMIT 1`,
);

export const subjectId = ({ portOrderId, portOutId }: NoteSubject): string => portOrderId ?? portOutId;
export const countNotes = async (tx: Tx, tenantId: string, about: NoteSubject): Promise<number> =>
  (await tx.query(count, tenantId, subjectId(about)))[0]?.n ?? 0;
/** @returns whether it is new: what a carrier said may be known */
export const insertNote = async (tx: Tx, tenantId: string, n: PortNoteRow): Promise<boolean> => {
  const author = [n.side, n.authorId, n.authorMemberId, n.authorName] as const;
  const said = [n.audience, n.body, n.mentions, n.carrierNoteId, n.createdAt] as const;
  return (await tx.query(insert, tenantId, n.id, n.portOrderId, n.portOutId, ...author, ...said)).length > 0;
};
export const markNoteSent = (tx: Tx, tenantId: string, id: string, now: Date) => tx.query(sent, tenantId, id, now);
export const carrierNotesKnown = async (tx: Tx, tenantId: string, orderId: string): Promise<ReadonlySet<string>> =>
  new Set((await tx.query(known, tenantId, orderId)).map((n) => n.carrierNoteId));
