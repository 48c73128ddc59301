import { toPublicId } from '@trunkline/kernel';
import type { Reach } from '@trunkline/platform';
import { idIn, idOut, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { NOTE_AUDIENCES, NOTE_SIDES } from '../core/port-note.ts';
import type { PortNoteRow } from './port-notes.sql.ts';

const MENTIONS_MAX = 10;
const TEXT_MAX = 2_000;

export const newPortNote = z
  .strictObject({
    text: text(TEXT_MAX).meta({ example: 'The bill that you asked for is there now.' }),
    audience: z
      .enum(NOTE_AUDIENCES)
      .default('all')
      .describe(
        'all: tenant and operator; carrier: they, and the carrier that has the order; internal: the operator alone, who alone can write it',
      ),
    mentions: z
      .array(idIn('member'))
      .max(MENTIONS_MAX)
      .default([])
      .describe('Members of the tenant or of the operator, who are mailed of it'),
  })
  .meta({ id: 'NewPortNote' });

export const portNoteOut = z
  .strictObject({
    object: z.literal('port_note'),
    id: idOut('portNote'),
    side: z.enum(NOTE_SIDES),
    author_member_id: idOut('member').nullable().describe('Who wrote it, to be mentioned; null: no person, or the carrier'),
    author_name: z.string().nullable(),
    audience: z.enum(NOTE_AUDIENCES),
    text: z.string(),
    mentions: z.array(idOut('member')),
    sent_at: timestampOut().nullable().describe('When the carrier had it'),
    created_at: timestampOut(),
  })
  .meta({ id: 'PortNote' });
export const portNotesOut = z.strictObject({ data: z.array(portNoteOut) }).meta({ id: 'PortNotes' });

export const portNoteToWire = (note: PortNoteRow): z.infer<typeof portNoteOut> => ({
  object: 'port_note',
  id: toPublicId('portNote', note.id),
  side: note.side,
  author_member_id: note.authorMemberId && toPublicId('member', note.authorMemberId),
  author_name: note.authorName,
  audience: note.audience,
  text: note.body,
  mentions: note.mentions.map((id) => toPublicId('member', id)),
  sent_at: note.sentAt?.toISOString() ?? null,
  created_at: note.createdAt.toISOString(),
});

/** On whose side a caller speaks: an operator on its own, also where it acts for a tenant. */
export const sideOf = ({ principal }: Reach): 'tenant' | 'operator' => (principal.kind === 'operator' ? 'operator' : 'tenant');
