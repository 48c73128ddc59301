import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { planOf } from '@trunkline/rating/server';
import { isVerified } from '@trunkline/tenancy/server';
import { portingErrors } from '../core/errors.ts';
import { demandCommand } from '../core/port-guards.ts';
import { isTerminal } from '../core/step-port-in.ts';
import { listOrdersOf, lockPort, readProject, setProjectFoc } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';

const DAY_MS = 86_400_000;
const AHEAD_MAX_MS = 30 * DAY_MS;
/** A port of so many lines is a project to carriers too: somebody looks at it first. */
const LARGE = 51;

/** Submits all orders of a project at once, for the same date. */
@Injectable()
export class SubmitPortProject {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError port_order.incomplete, port_order.command_refused, tenant.allotment_used_up, kyc.required, plan.none_assigned, request.invalid */
  execute(ctx: TenantContext, projectId: string, requestedFocAt: Date | null): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const project = await readProject(tx, ctx.tenantId, projectId);
      if (requestedFocAt) demandDate(requestedFocAt, now);
      if (project.trunkId === null) throw incomplete([{ pointer: '/trunk_id', code: 'missing', detail: 'Nothing takes the calls yet' }]);
      await planOf(tx, ctx.tenantId, now);
      const ports = await this.ready(tx, ctx, projectId);
      const isKnown = await isVerified(tx, ctx.tenantId, now);
      await setProjectFoc(tx, ctx.tenantId, projectId, requestedFocAt);
      for (const port of ports) {
        const event = isKnown && port.numbers.length < LARGE ? 'confirm' : 'confirm_review';
        demandCommand(port.standing, event);
        await recordPort(tx, ctx, port, [{ event, data: { requestedFocAt: requestedFocAt?.toISOString() ?? null } }], now);
      }
      audit(tx, ctx, 'port_project.submitted', projectId, { orders: ports.length });
      publish(tx, { type: 'port_project.submitted', tenantId: ctx.tenantId, data: { portProjectId: projectId } });
    });
  }

  /** The project's orders that are not over, all of them ready. */
  private async ready(tx: Tx, ctx: TenantContext, projectId: string): Promise<readonly Port[]> {
    const rows = (await listOrdersOf(tx, ctx.tenantId, [projectId])).filter((o) => !isTerminal(o.state));
    const late = rows.filter((o) => o.state !== 'ready');
    if (late.length > 0 || rows.length === 0)
      throw incomplete(
        late.map((o) => ({ pointer: '', code: o.state, detail: `Order ${toPublicId('portOrder', o.id)} is ${o.state}, not ready` })),
      );
    const ports: Port[] = [];
    for (const { id } of rows) ports.push(await lockPort(tx, ctx.tenantId, id));
    return ports;
  }
}

const incomplete = (errors: readonly { pointer: string; code: string; detail: string }[]): AppError =>
  new AppError(portingErrors.incomplete, undefined, { errors });

const demandDate = (at: Date, now: Date): void => {
  if (at.getTime() < now.getTime() + DAY_MS) throw invalidField('/requested_foc_at', 'too_soon', 'At least a day from now');
  if (at.getTime() > now.getTime() + AHEAD_MAX_MS) throw invalidField('/requested_foc_at', 'too_late', 'At most 30 days from now');
};
