import { Injectable } from '@nestjs/common';
import { PortOutCarriers } from '@trunkline/carriers/server';
import type { EmulatedPortOutCarrier, EmulatedRequest, EmulatedWebhook, SignedMessage } from '@trunkline/carriers/server';
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
    private readonly carriers: PortOutCarriers,
    private readonly receive: ReceivePortOut,
    private readonly reconcile: ReconcilePortOut,
    private readonly queries: PortOutQueries,
  ) {}

  /** @returns what the carrier calls the request, and the answer if it waited for one. @throws AppError port_out.not_rehearsable */
  async ask(ctx: SystemContext, asked: EmulatedRequest, onTheLine: boolean): Promise<{ ref: string; answer: KeptAnswer | undefined }> {
    const carrier = this.emulated();
    const { ref, ...message } = await carrier.ask(asked, onTheLine);
    const { answer } = await this.receive.execute(signed(message), ctx.requestId);
    if (!onTheLine) await this.reconcile.execute(carrier.name, ref);
    return { ref, answer };
  }

  /** @throws AppError resource.not_found, port_out.not_rehearsable */
  async advance(ctx: SystemContext, id: string, step: PortOutStep): Promise<string> {
    const { tenantId, carrier: holder, carrierRef } = await this.queries.ownerOf(ctx, id);
    const carrier = this.emulated();
    const message = holder === carrier.name ? await carrier.takeStep(carrierRef, step) : undefined;
    if (!message) throw new AppError(portOutErrors.notRehearsable, `The emulated carrier does not ${step} the request as it stands`);
    await this.receive.execute(signed(message), ctx.requestId);
    await this.reconcile.execute(carrier.name, carrierRef);
    return tenantId;
  }

  private emulated(): EmulatedPortOutCarrier {
    if (!this.carriers.emulated) throw new AppError(portOutErrors.notRehearsable);
    return this.carriers.emulated;
  }
}

const signed = ({ body: rawBody, signature }: EmulatedWebhook): SignedMessage => ({
  rawBody,
  header: (name) => (name === 'carrier-signature' ? signature : undefined),
});
