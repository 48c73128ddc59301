import { Injectable } from '@nestjs/common';
import { AppError, Clock, toPublicId } from '@trunkline/kernel';
import type { FieldError, TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { planOf } from '@trunkline/rating/server';
import { isKnownToPort } from '@trunkline/tenancy/server';
import { demandDate } from '../core/demand-date.ts';
import { portingErrors } from '../core/errors.ts';
import { orderFaults } from '../core/order-faults.ts';
import { demandCommand } from '../core/port-guards.ts';
import { isTerminal } from '../core/step-port-in.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { sheetOf } from './port-sheet.ts';
import { readProject, setProjectFoc } from './port-projects.sql.ts';
import { listOrdersOf, lockPort } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';

/** A port of so many lines is a project to carriers too: somebody looks at it first. */
const LARGE = 51;

/** Submits all orders of a project at once, for the same date. */
@Injectable()
export class SubmitPortProject {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly holidays: CarrierHolidays,
  ) {}

  /** @throws AppError port_order.incomplete, port_order.command_refused, tenant.allotment_used_up, kyc.required, plan.none_assigned, request.invalid */
  execute(ctx: TenantContext, projectId: string, requestedFocAt: Date | null): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const project = await readProject(tx, ctx.tenantId, projectId);
      if (project.trunkId === null) throw incomplete([{ pointer: '/trunk_id', code: 'missing', detail: 'Nothing takes the calls yet' }]);
      await planOf(tx, ctx.tenantId, now);
      const ports = await this.ready(tx, ctx, projectId, requestedFocAt, now);
      const isKnown = await isKnownToPort(tx, ctx.tenantId, now);
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
  private async ready(tx: Tx, ctx: TenantContext, projectId: string, requestedFocAt: Date | null, now: Date): Promise<readonly Port[]> {
    const rows = (await listOrdersOf(tx, ctx.tenantId, [projectId])).filter((o) => !isTerminal(o.state));
    const [ports, errors]: [Port[], FieldError[]] = [[], []];
    for (const { id } of rows) {
      const port = await lockPort(tx, ctx.tenantId, id);
      const sheet = await sheetOf(tx, this.sealer, port);
      errors.push(...whatKeeps(port, orderFaults(sheet, now)));
      if (requestedFocAt) {
        const carrierDays = await this.holidays.daysOf(ctx, port.row.country, port.row.losingCarrierId);
        demandDate(requestedFocAt, sheet, carrierDays, now);
      }
      ports.push(port);
    }
    if (errors.length > 0 || ports.length === 0) throw incomplete(errors.slice(0, ERRORS_MAX));
    return ports;
  }
}

const ERRORS_MAX = 100;
const incomplete = (errors: readonly FieldError[]): AppError => new AppError(portingErrors.incomplete, undefined, { errors });

/** Why an order cannot go yet: each field and document of it, or that it is elsewhere. A letter may have grown too old since the order was ready. */
const whatKeeps = ({ row, standing: { state } }: Port, faults: readonly FieldError[]): readonly FieldError[] => {
  const pointer = `/orders/${toPublicId('portOrder', row.id)}`;
  if (state !== 'ready' && state !== 'incomplete') return [{ pointer, code: state, detail: `The order is ${state}, not ready` }];
  return faults.map((fault) => ({ ...fault, pointer: `${pointer}${fault.pointer}` }));
};
