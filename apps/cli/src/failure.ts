import { TrunklineError } from '@trunkline/client';

/** What the shell is told. Also in apps/cli/README.md. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3, changes: 4 } as const;

/** A fault of what was typed or written in a file: one line for each, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const flagOf = (pointer: string): string => {
  const [place = '', ...rest] = pointer.split('/').slice(1);
  const name = place === 'query' ? (rest[0] ?? '') : place;
  return name === '' ? 'the request' : `--${name.replaceAll('_', '-')}${rest.length > 0 && place !== 'query' ? ` (${pointer})` : ''}`;
};

/** A failure in words, with each faulty field as the option that sets it. */
export const wordsOf = (error: unknown): string => {
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof TrunklineError)) return `unexpected: ${error instanceof Error ? error.message : String(error)}`;
  const fields = error.errors.map((fault) => `\n  ${flagOf(fault.pointer)}: ${fault.detail}`).join('');
  return `${error.message}${fields}${error.requestId === undefined ? '' : `\n  request ${error.requestId}`}`;
};

export const exitCodeOf = (error: unknown): number => {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof TrunklineError && error.status === undefined ? EXIT.unreachable : EXIT.refused;
};
