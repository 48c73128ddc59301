import { notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

/** The NOTIFY channel that says that a test call waits to be placed. */
export const TEST_CALL = 'test_call';

/** Where a test call goes: to a number as the PBX would call it, or to the PBX as the network would. */
export type TestCallTarget = 'number' | 'pbx';
export type TestCall = {
  readonly id: string;
  readonly trunkId: string;
  readonly target: TestCallTarget;
  readonly fromNumber: string | null;
  readonly toNumber: string;
  readonly talkSecs: number;
  readonly state: 'queued' | 'dialling' | 'completed' | 'failed';
  readonly edge: string | null;
  readonly sipCode: number | null;
  readonly reason: string | null;
  readonly answered: boolean | null;
  readonly postDialDelayMs: number | null;
  readonly durationMs: number | null;
  readonly mediaPackets: number | null;
  readonly sipCallId: string | null;
  readonly createdAt: Date;
  readonly dialledAt: Date | null;
  readonly endedAt: Date | null;
};
export type NewTestCall = Pick<TestCall, 'id' | 'trunkId' | 'target' | 'fromNumber' | 'toNumber' | 'talkSecs' | 'createdAt'>;

const COLUMNS = `id, trunk_id AS "trunkId", target, from_number AS "fromNumber", to_number AS "toNumber", talk_secs AS "talkSecs", state,
  edge_name AS edge, sip_code AS "sipCode", reason, answered, post_dial_delay_ms AS "postDialDelayMs", duration_ms AS "durationMs",
  media_packets AS "mediaPackets", sip_call_id AS "sipCallId", created_at AS "createdAt", dialled_at AS "dialledAt", ended_at AS "endedAt"`;
const insert = sql(
  'test-call-insert',
  `INSERT INTO test_call (tenant_id, id, trunk_id, target, from_number, to_number, talk_secs, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const one = sql<TestCall>('test-call-one', `SELECT ${COLUMNS} FROM test_call WHERE tenant_id = $1 AND id = $2`);
const page = sql<TestCall>(
  'test-call-page',
  `SELECT ${COLUMNS} FROM test_call WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) AND ($5::uuid IS NULL OR trunk_id = $5)
   ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const recent = sql<{ count: number }>(
  'test-call-recent',
  `SELECT count(*)::int AS count FROM test_call WHERE tenant_id = $1 AND created_at > $2`,
);
const wake = sql('test-call-wake', `SELECT pg_notify('${TEST_CALL}', '')`);

/** Written, and told to the gateways when the transaction commits. */
export const queueTestCall = async (tx: Tx, tenantId: string, c: NewTestCall): Promise<void> => {
  await tx.query(insert, tenantId, c.id, c.trunkId, c.target, c.fromNumber, c.toNumber, c.talkSecs, c.createdAt);
  await tx.query(wake);
};

/** @throws AppError resource.not_found */
export const readTestCall = async (tx: Tx, tenantId: string, id: string): Promise<TestCall> => {
  const [call] = await tx.query(one, tenantId, id);
  if (!call) throw notFound();
  return call;
};

export const listTestCalls = (tx: Tx, tenantId: string, after: Position, limit: number, trunkId: string | undefined): Promise<TestCall[]> =>
  tx.query(page, tenantId, after.createdAt, after.id, limit, trunkId);

/** How many the tenant asked for since then, counted by one of its requests at a time. */
export const countTestCalls = async (tx: Tx, tenantId: string, since: Date): Promise<number> => {
  await takeTurn(tx, `test_call:${tenantId}`);
  return (await tx.query(recent, tenantId, since))[0]?.count ?? 0;
};
