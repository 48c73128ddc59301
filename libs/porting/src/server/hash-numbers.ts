import { createHash } from 'node:crypto';
import { canonicalNumbers } from '../core/letter-of-authority.ts';

/** What binds a signature to a list of numbers: SHA-256, hex. */
export const hashNumbers = (numbers: readonly string[]): string => createHash('sha256').update(canonicalNumbers(numbers)).digest('hex');
