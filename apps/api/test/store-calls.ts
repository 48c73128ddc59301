import { DeckCache, StoreCdrs } from '@trunkline/cdr/server';
import { encodeCdrLine } from '@trunkline/edge-core';
import type { CdrRecord } from '@trunkline/edge-core';
import { Database, Log, Metrics } from '@trunkline/platform';
import type { ApiHarness } from './harness.ts';

export const TEST_EDGE = '00000002-0000-7000-8000-000000000001';

/** An outbound call of 61 s to +1 that starts at the harness's time, unless told otherwise. */
export const endedCall = (api: ApiHarness, change: Partial<CdrRecord> & Pick<CdrRecord, 'uid' | 'tenantId'>): CdrRecord => {
  const startedAtMs = change.startedAtMs ?? api.clock.now().getTime();
  return {
    kind: 'end',
    direction: 'outbound',
    outcome: 'answered',
    trunkId: null,
    carrierId: null,
    gateway: null,
    from: '+12025550142',
    to: '12025550199',
    callerId: '+12025550142',
    destination: '+12025550199',
    callId: change.uid,
    sourceAddress: '127.0.61.1',
    startedAtMs,
    answeredAtMs: startedAtMs + 4_000,
    endedAtMs: startedAtMs + 65_000,
    sipCode: 200,
    reason: null,
    hangupBy: 'callee',
    attempts: [],
    attestation: null,
    estimated: false,
    ...change,
  };
};

/** Hands records, or raw lines, to the platform as an edge does. */
export const storeCalls = (api: ApiHarness, ...records: readonly (CdrRecord | string)[]) => {
  const { app, clock } = api;
  const store = new StoreCdrs(app.get(Database), clock, new DeckCache(), app.get(Log), new Metrics());
  return store.execute(
    { id: TEST_EDGE },
    records.map((r) => (typeof r === 'string' ? r : encodeCdrLine(r))),
  );
};
