/**
 * The id of a call attempt: a uuid v7 (RFC 9562) of its start and of 74 bits of what identifies it at its edge. The same attempt
 * therefore gets the same id however often it is sent, and the id alone tells which partition holds the row.
 * @param digest hex of a SHA-256, see `attemptKey`
 */
export const cdrId = (startedAtMs: number, digest: string): string => {
  const time = startedAtMs.toString(16).padStart(12, '0');
  const variant = '89ab'.charAt(parseInt(digest.charAt(3), 16) & 3);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
};

/** What identifies an attempt: uids are unique per edge. */
export const attemptKey = (edgeId: string, uid: string): string => `${edgeId}:${uid}`;

/** The start of the attempt that an id names. */
export const startedAtOf = (id: string): Date => new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16));

/** An id can name a start that no database keeps: 48 bits of milliseconds reach to the year 10889. */
export const LAST_YEAR = 9999;
