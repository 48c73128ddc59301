import type { CdrRecord } from '@trunkline/edge-core';
import { tenantId, uuid } from './seed-tenants.ts';

/** An answered call of 61 s from tenant 1 to the US, unless told otherwise: 66 s billed, 0.0066 USD. */
export const sentCall = (uid: string, change: Partial<CdrRecord> = {}): CdrRecord => {
  const startedAtMs = change.startedAtMs ?? Date.parse('2026-11-23T09:00:00.123Z');
  return {
    uid,
    kind: 'end',
    direction: 'outbound',
    outcome: 'answered',
    tenantId: tenantId(1),
    trunkId: uuid(6, 1),
    carrierId: uuid(7, 1),
    gateway: 'sip:127.0.60.1:5080',
    from: '+12025550100',
    to: '12025550123',
    callerId: '+12025550100',
    destination: '+12025550123',
    callId: `${uid}@127.0.60.2`,
    sourceAddress: '127.0.60.2',
    answeredAtMs: startedAtMs + 2000,
    endedAtMs: startedAtMs + 63_000,
    sipCode: 200,
    reason: null,
    hangupBy: 'caller',
    attempts: [503],
    attestation: null,
    estimated: false,
    ...change,
    startedAtMs,
  };
};

/** A call that nobody took. */
export const failedCall = (uid: string, change: Partial<CdrRecord> = {}): CdrRecord =>
  sentCall(uid, { outcome: 'failed', answeredAtMs: null, sipCode: 486, hangupBy: null, ...change });
