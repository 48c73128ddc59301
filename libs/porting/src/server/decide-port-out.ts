import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, expectRevision } from '@trunkline/platform';
import { answerPortOut, demandDisputable } from '../core/answer-port-out.ts';
import type { TenantAnswer } from '../core/answer-port-out.ts';
import type { PortOutReason, PortOutRequest } from '../core/decide-port-out.ts';
import type { PortOutMove } from '../core/port-out-facts.ts';
import { NO_GUESSES } from '../core/pin-guesses.ts';
import { lockPortOut } from './port-outs.sql.ts';
import type { PortOut } from './port-outs.sql.ts';
import { recordPortOut } from './record-port-out.ts';

/** What a tenant says to a request for its numbers: yes, no, or that they should not have left. */
@Injectable()
export class DecidePortOut {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, port_out.decided, port_out.deadline_passed, port_out.reason_refuted, request.invalid at /reason or /evidence */
  answer(ctx: TenantContext, id: string, answer: TenantAnswer): Promise<void> {
    return this.move(ctx, id, (portOut, now) => {
      const state = answerPortOut(standingOf(portOut), requestOf(portOut), answer, now);
      if (answer.kind === 'authorize') return { state, by: 'tenant' };
      return { state, by: 'tenant', reason: answer.reason as PortOutReason, text: answer.evidence };
    });
  }

  /** @throws AppError resource.not_found, port_out.not_disputable */
  dispute(ctx: TenantContext, id: string, reason: string): Promise<void> {
    return this.move(ctx, id, (portOut, now) => {
      demandDisputable(standingOf(portOut), now);
      return { state: 'disputed', by: 'tenant', text: reason };
    });
  }

  private move(ctx: TenantContext, id: string, decide: (portOut: PortOut, now: Date) => PortOutMove): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const portOut = await lockPortOut(tx, ctx.tenantId, id);
      expectRevision(ctx, portOut.row.revision);
      const now = this.clock.now();
      await recordPortOut(tx, ctx, portOut, [decide(portOut, now)], now);
    });
  }
}

const standingOf = ({ row }: PortOut) => ({ state: row.state, until: row.answerBy, completedAt: row.completedAt });

/** What was known of the request when it came: what was found untrue then is no reason now. */
const requestOf = ({ row, numbers }: PortOut): PortOutRequest => ({
  numbers: numbers.map(({ e164, active, locked, pin }) => ({ e164, tenantId: row.tenantId, active, locked, pin, guesses: NO_GUESSES })),
  account: { accountNumber: row.accountMatches, postalCode: row.postalCodeMatches },
  numbersMax: row.numbersMax,
  synchronous: row.synchronous,
  receivedAt: row.receivedAt,
  deadline: row.carrierDeadlineAt,
});
