import { Injectable } from '@nestjs/common';
import { LAST_YEAR, startedAtOf } from '@trunkline/cdr';
import { AppError, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { compareReplay } from '../core/compare-replay.ts';
import type { DecidedCall, Difference } from '../core/compare-replay.ts';
import { edgeErrors } from '../core/errors.ts';
import { SimulateCall } from './simulate-call.ts';
import type { ImaginedCall, Simulation } from './simulate-call.ts';

type Row = DecidedCall & {
  readonly direction: 'outbound' | 'inbound' | 'emergency';
  readonly from: string;
  readonly to: string;
  readonly sourceAddress: string;
  readonly startedAt: Date;
  readonly sipCode: number;
  readonly maskedAt: Date | null;
};
const one = sql<Row>(
  'replayed-call',
  `SELECT direction, outcome, reason, "from", "to", source_address AS "sourceAddress", trunk_id AS "trunkId", caller_id AS "callerId", destination, gateway,
     started_at AS "startedAt", sip_code AS "sipCode", masked_at AS "maskedAt" FROM cdr WHERE tenant_id = $1 AND started_at = $2 AND id = $3`,
);

export type Replay = Simulation & {
  readonly was: { readonly outcome: Row['outcome']; readonly reason: string | null; readonly sipCode: number };
  readonly differences: readonly Difference[];
};

/** Decides on a call that was, as it would be decided now. */
@Injectable()
export class ReplayCall {
  constructor(
    private readonly db: Database,
    private readonly simulate: SimulateCall,
  ) {}

  /**
   * @param everything an operator asks
   * @throws AppError resource.not_found, call.masked
   */
  async execute(ctx: TenantContext, callId: string, everything: boolean): Promise<Replay> {
    const startedAt = startedAtOf(callId);
    if (startedAt.getUTCFullYear() > LAST_YEAR) throw notFound();
    const [call] = await this.db.ask(ctx, one, ctx.tenantId, startedAt, callId);
    if (!call) throw notFound();
    if (call.maskedAt !== null) throw new AppError(edgeErrors.callMasked);
    const simulation = await this.simulate.decide(ctx, imagined(call), everything);
    const { outcome, reason, sipCode } = call;
    return { ...simulation, was: { outcome, reason, sipCode }, differences: compareReplay(call, simulation.decision) };
  }
}

/** A record keeps neither transport, Privacy nor P-Asserted-Identity: what was presented without being in From had been asserted, or was the trunk's default. */
const imagined = (call: Row): ImaginedCall => {
  const isInbound = call.direction === 'inbound';
  const digits = call.callerId?.slice(-7);
  const fromSaysIt = digits === undefined || call.from.replace(/\D/g, '').endsWith(digits);
  return {
    direction: isInbound ? 'inbound' : 'outbound',
    from: call.from,
    to: call.to,
    assertedIdentity: isInbound || fromSaysIt ? null : call.callerId,
    trunkId: isInbound ? null : call.trunkId,
    sourceAddress: isInbound ? null : call.sourceAddress,
    transport: call.reason === 'trunk.tls_required' ? 'udp' : 'tls',
    withheld: call.reason === 'trunk.anonymous_not_allowed',
    draw: 0,
    at: call.startedAt,
    edge: null,
  };
};
