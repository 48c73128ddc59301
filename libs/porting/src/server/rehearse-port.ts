import { Injectable } from '@nestjs/common';
import { EmulatedPortingCarrier, asReceived } from '@trunkline/carriers/server';
import { AppError, tenantContext } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { portingErrors } from '../core/errors.ts';
import { PortQueries } from './port-queries.ts';
import type { PortOrderView } from './port-queries.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { SendPort } from './send-port.ts';

/** Lets the emulated carrier go on without waiting for days: its messages come as those of a real one would, and then it is polled. */
@Injectable()
export class RehearsePort {
  constructor(
    private readonly carrier: EmulatedPortingCarrier,
    private readonly receive: ReceivePortEvent,
    private readonly send: SendPort,
    private readonly reconcile: ReconcilePort,
    private readonly queries: PortQueries,
  ) {}

  /** @throws AppError resource.not_found, port_order.not_rehearsable */
  async execute(ctx: SystemContext, id: string): Promise<PortOrderView> {
    const tenant = tenantContext(await this.queries.ownerOf(ctx, id), ctx.actor, ctx.requestId);
    await this.send.execute(tenant.tenantId, id);
    const { carrierRef } = await this.queries.order(tenant, id);
    if (carrierRef === null || !this.carrier.knows(carrierRef)) throw new AppError(portingErrors.notRehearsable);
    for (const webhook of await this.carrier.takeNextStep(carrierRef)) await this.receive.execute(asReceived(webhook), ctx.requestId);
    await this.reconcile.execute(tenant.tenantId, id);
    return this.queries.order(tenant, id);
  }
}
