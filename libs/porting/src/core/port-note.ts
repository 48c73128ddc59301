export const NOTE_SIDES = ['tenant', 'operator', 'carrier'] as const;
export type NoteSide = (typeof NOTE_SIDES)[number];
/** `internal` is the operator's alone; `carrier` is for all, and handed to the carrier that has the order. */
export const NOTE_AUDIENCES = ['all', 'internal', 'carrier'] as const;
export type NoteAudience = (typeof NOTE_AUDIENCES)[number];

/** What a note is about. */
export type NoteSubject =
  { readonly portOrderId: string; readonly portOutId: null } | { readonly portOrderId: null; readonly portOutId: string };

export const NOTES_MAX = 200;

/** A member who can be mentioned, and whether of the operator's staff. */
export type Mentionable = { readonly id: string; readonly isOperators: boolean };

/** Those that are mentioned and cannot be, by their places: nobody is told of a note that they may not see. */
export const unmentionable = (mentions: readonly string[], known: readonly Mentionable[], audience: NoteAudience): readonly number[] =>
  mentions.flatMap((id, place) => {
    const member = known.find((one) => one.id === id);
    return member && (member.isOperators || audience !== 'internal') ? [] : [place];
  });

type Mentioned = { readonly author: string; readonly about: string; readonly body: string };

/** What somebody who is mentioned is mailed. */
export const mentionMail = ({ author, about, body }: Mentioned): { kind: string; subject: string; body: string } => ({
  kind: 'port_note',
  subject: `You are mentioned in a note about ${about}`,
  body: `${author} wrote about ${about}:\n\n${body}\n`,
});
