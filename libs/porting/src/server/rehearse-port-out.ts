import { Injectable } from '@nestjs/common';
import { EmulatedPortOutCarrier, PortOutCarrier } from '@trunkline/carriers/server';
import type { EmulatedRequest } from '@trunkline/carriers/server';
import type { PortOutStep } from '@trunkline/carriers';
import { AppError } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { portOutErrors } from '../core/port-out-errors.ts';
import { PortOutQueries } from './port-out-queries.ts';
import type { KeptAnswer } from './port-outs.sql.ts';
import { ReceivePortOut } from './receive-port-out.ts';
import { ReconcilePortOut } from './reconcile-port-out.ts';

/** Has the emulated carrier ask for numbers and go on with it: its messages come as those of a real one would. */
@Injectable()
export class RehearsePortOut {
  constructor(
    private readonly carrier: PortOutCarrier,
    private readonly receive: ReceivePortOut,
    private readonly reconcile: ReconcilePortOut,
    private readonly queries: PortOutQueries,
  ) {}

  /** @returns what the carrier calls the request, and the answer if it waited for one. @throws AppError port_out.not_rehearsable */
  async ask(ctx: SystemContext, asked: EmulatedRequest, onTheLine: boolean): Promise<{ ref: string; answer: KeptAnswer | undefined }> {
    const { ref, body, signature } = await this.emulated().ask(asked, onTheLine);
    const answer = await this.receive.execute(body, signature, ctx.requestId);
    if (!onTheLine) await this.reconcile.execute(ref);
    return { ref, answer };
  }

  /** @throws AppError resource.not_found, port_out.not_rehearsable */
  async advance(ctx: SystemContext, id: string, step: PortOutStep): Promise<string> {
    const { tenantId, carrierRef } = await this.queries.ownerOf(ctx, id);
    const message = await this.emulated().takeStep(carrierRef, step);
    if (!message) throw new AppError(portOutErrors.notRehearsable, `The emulated carrier does not ${step} the request as it stands`);
    await this.receive.execute(message.body, message.signature, ctx.requestId);
    await this.reconcile.execute(carrierRef);
    return tenantId;
  }

  private emulated(): EmulatedPortOutCarrier {
    if (!(this.carrier instanceof EmulatedPortOutCarrier)) throw new AppError(portOutErrors.notRehearsable);
    return this.carrier;
  }
}
