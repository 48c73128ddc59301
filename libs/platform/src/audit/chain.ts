import { createHash } from 'node:crypto';

/** An audit entry as its hash sees it. `data` is the text that Postgres gives for the stored jsonb. */
export type ChainedEntry = {
  readonly tenantId: string;
  readonly id: string;
  readonly at: Date;
  readonly actorType: string;
  readonly actorId: string;
  readonly requestId: string;
  readonly sourceAddress: string;
  readonly action: string;
  readonly resourceId: string;
  readonly data: string;
};

/** What the first entry of a chain follows. */
export const GENESIS = Buffer.alloc(32);

const netstring = (text: string): string => `${Buffer.byteLength(text)}:${text}`;

/**
 * SHA-256 of the hash before and the entry's fields, each with its length so that no two entries read alike. The database computes the same
 * when it stores one (audit_entry_bytes); a verifier must not ask the one it verifies.
 */
export const chainHash = (previous: Uint8Array, e: ChainedEntry): Buffer => {
  const fields = [
    e.tenantId,
    e.id,
    String(e.at.getTime()),
    e.actorType,
    e.actorId,
    e.requestId,
    e.sourceAddress,
    e.action,
    e.resourceId,
    e.data,
  ];
  return createHash('sha256').update(previous).update(fields.map(netstring).join('')).digest();
};
