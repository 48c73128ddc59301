import { Injectable } from '@nestjs/common';
import { CODEC_NAMES } from '@trunkline/edge-core';
import type { AgentMessage, GatewayMessage } from '@trunkline/edge-core';
import { Clock } from '@trunkline/kernel';
import { Database, publish, sql } from '@trunkline/platform';
import { edgeContext } from '../scope.ts';

export type TestCallOrder = Extract<GatewayMessage, { type: 'test_call' }>;
export type TestCallResult = Extract<AgentMessage, { type: 'test_call_result' }>;

type Row = {
  id: string;
  edgeId: string;
  trunkId: string;
  target: TestCallOrder['target'];
  from: string | null;
  to: string;
  talkSecs: number;
  codecs: string[] | null;
  secure: boolean;
};
// a tenant's calls are its home edge's; one that has none is anybody's
const claim = sql<Row>(
  'test-calls-claim',
  `UPDATE test_call c SET state = 'dialling', edge_id = q.edge, edge_name = (SELECT name FROM edge WHERE edge.id = q.edge), dialled_at = $2
   FROM (SELECT w.tenant_id, w.id, coalesce(t.home_edge_id, ($1::uuid[])[1]) AS edge, k.codecs, k.srtp = 'required' AS secure
     FROM test_call w JOIN tenant t ON t.id = w.tenant_id JOIN trunk k ON k.tenant_id = w.tenant_id AND k.id = w.trunk_id
     WHERE w.state = 'queued' AND (t.home_edge_id IS NULL OR t.home_edge_id = ANY ($1::uuid[])) ORDER BY w.created_at LIMIT 20
     FOR UPDATE OF w SKIP LOCKED) q
   WHERE c.tenant_id = q.tenant_id AND c.id = q.id
   RETURNING c.id, c.edge_id AS "edgeId", c.trunk_id AS "trunkId", c.target, c.from_number AS "from", c.to_number AS "to", c.talk_secs AS "talkSecs",
     q.codecs, q.secure`,
);
const settle = sql<{ tenantId: string; trunkId: string }>(
  'test-call-settle',
  `UPDATE test_call SET state = 'completed', ended_at = $3, sip_code = $4, reason = $5, answered = $6, post_dial_delay_ms = $7, duration_ms = $8,
     media_packets = $9, sip_call_id = $10
   WHERE id = $1 AND edge_id = $2 AND state = 'dialling' RETURNING tenant_id AS "tenantId", trunk_id AS "trunkId"`,
);

/** Hands test calls to the edges that are connected here, and keeps what they tell. */
@Injectable()
export class TestCalls {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Those that wait for one of these edges, each taken by one gateway. An order that is lost on its way ends by its time. */
  async claim(edgeIds: readonly string[]): Promise<readonly { readonly edgeId: string; readonly order: TestCallOrder }[]> {
    if (edgeIds.length === 0) return [];
    const rows = await this.db.tx(edgeContext, (tx) => tx.query(claim, edgeIds, this.clock.now()));
    return rows.map((r) => ({
      edgeId: r.edgeId,
      order: {
        ...{ type: 'test_call', id: r.id, trunk_id: r.trunkId, target: r.target, from: r.from, to: r.to },
        ...{
          talk_secs: r.talkSecs,
          codecs: CODEC_NAMES.filter((c) => r.codecs?.includes(c) ?? ['pcma', 'pcmu'].includes(c)),
          secure: r.secure,
        },
      },
    }));
  }

  /** Of an edge that was told to place it; told twice, it counts once. */
  async record(edgeId: string, r: TestCallResult): Promise<void> {
    await this.db.tx(edgeContext, async (tx) => {
      const outcome = [r.sip_code, r.reason, r.answered, r.post_dial_delay_ms, r.duration_ms, r.media_packets, r.sip_call_id];
      const [call] = await tx.query(settle, r.id, edgeId, this.clock.now(), ...outcome);
      if (!call) return;
      const data = { testCallId: r.id, trunkId: call.trunkId, sipCode: r.sip_code };
      publish(tx, { type: 'test_call.completed', tenantId: call.tenantId, data });
    });
  }
}
