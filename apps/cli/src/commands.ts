import type { Operation } from '@trunkline/client/operations';

/** `words` name the resource, `verb` what is done: `trunkline trunks credentials revoke`. */
export type Command = { readonly words: readonly string[]; readonly verb: string; readonly operation: Operation };

/** For Stripe, not for people. */
const NOT_OFFERED = new Set(['/v1/stripe/webhooks']);
const VERBS: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', PUT: 'set', PATCH: 'update', DELETE: 'delete' };

const isParameter = (segment: string): boolean => segment.startsWith('{');
const firstWord = (operationId: string): string => /^[a-z]+/.exec(operationId)?.[0] ?? '';
const kebab = (operationId: string): string => operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `POST /v1/trunks/{id}/suspend` says its verb itself: the first word of `suspendTrunk`. */
const namesItsVerb = (last: string, id: string): boolean => last.split('-')[0] === firstWord(id);

const commandOf = (operation: Operation): Command => {
  const segments = operation.path.split('/').filter((segment) => segment !== '' && segment !== 'v1');
  const words = segments.filter((segment) => !isParameter(segment));
  const last = segments.at(-1) ?? '';
  if (!isParameter(last) && namesItsVerb(last, operation.id)) return { words: words.slice(0, -1), verb: last, operation };
  const isList = operation.method === 'GET' && /^(list|search)/.test(operation.id);
  return { words, verb: isList ? 'list' : (VERBS[operation.method] ?? kebab(operation.id)), operation };
};

export const nameOf = ({ words, verb }: Command): string => [...words, verb].join(' ');

/** One command for each operation, derived from its path, so that a new route has one by itself. Of two that would share a name the second takes its operation's. */
export const commandsOf = (operations: readonly Operation[]): readonly Command[] => {
  const taken = new Set<string>();
  return operations
    .filter(({ path }) => !NOT_OFFERED.has(path))
    .map((operation) => {
      const command = commandOf(operation);
      const named = taken.has(nameOf(command)) ? { ...command, verb: kebab(operation.id) } : command;
      taken.add(nameOf(named));
      return named;
    });
};
