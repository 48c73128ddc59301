import type { Sealer } from '@trunkline/platform';

type Stored = { readonly kind: string; readonly key: string; readonly value: string | null };

/** The kind whose values hold HA1, which is as good as the password for its realm: in our database they are sealed, as their source is. */
const SECRET = 'credential';
const MARK = 'sealed:';

const contextOf = (key: string): string => `edge_entry:${key}`;
const isSealed = ({ kind, value }: Stored): boolean => kind === SECRET && value !== null && value.startsWith(MARK);

/** The value as it is stored. */
export const sealValue = (sealer: Sealer, { kind, key, value }: Stored): string | null =>
  kind !== SECRET || value === null ? value : MARK + sealer.seal(value, contextOf(key)).toString('base64');

/** The value that edges get; undefined when it cannot be opened, and they keep what they have. */
export const openValue = (sealer: Sealer, entry: Stored): string | null | undefined => {
  if (!isSealed(entry) || entry.value === null) return entry.value;
  try {
    return sealer.open(Buffer.from(entry.value.slice(MARK.length), 'base64'), contextOf(entry.key));
  } catch {
    return undefined;
  }
};

/** Stored entries, to be compared with wanted ones: a secret that lies there open, or cannot be opened, is like none that is wanted. */
export const openToCompare = <T extends Stored & { readonly value: string }>(sealer: Sealer, stored: readonly T[]): T[] =>
  stored.map((entry) => (entry.kind === SECRET ? { ...entry, value: (isSealed(entry) && openValue(sealer, entry)) || '' } : entry));
