import type { TenantValue, TrunkValue } from '../entries/entry-values.ts';
import { readCountry, readTenant, readTrunk } from '../entries/read-entry.ts';
import type { Read } from './decide-from.ts';

// What a decision found, taken from its look-ups.

const valueOf = (reads: readonly Read[], kind: Read['kind']): string | null =>
  reads.findLast((r) => r.kind === kind && r.value !== null)?.value ?? null;

export const trunkOf = (reads: readonly Read[]): TrunkValue | null => {
  const value = valueOf(reads, 'trunk');
  return value === null ? null : readTrunk(value);
};

export const tenantOf = (reads: readonly Read[]): TenantValue | null => {
  const value = valueOf(reads, 'tenant');
  return value === null ? null : readTenant(value);
};

export const countryOf = (reads: readonly Read[]): string | null => {
  const value = valueOf(reads, 'country');
  return value === null ? null : readCountry(value);
};
