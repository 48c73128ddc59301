import type { CdrRecord } from '../cdr-record.ts';
import { hash52 } from '../entries/checksum.ts';
import { encodeCdrLine } from './cdr-line.ts';

/**
 * 26 hex digits over all that a record says. Two records with one uid and one hash are the same record sent twice; with different hashes
 * they contradict each other. A line with an equal meaning hashes equally, however it was spelt.
 */
export const contentHash = (record: CdrRecord): string => {
  const line = encodeCdrLine(record);
  return [1, 2].map((seed) => hash52(line, seed).toString(16).padStart(13, '0')).join('');
};
