import { Injectable } from '@nestjs/common';
import { PortOutCarrier } from '@trunkline/carriers/server';
import type { PortOutMessage } from '@trunkline/carriers';
import { AppError, systemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, publish } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import type { KeptAnswer } from './port-outs.sql.ts';
import { TakePortOut } from './take-port-out.ts';

export const CARRIER_PORT_OUT_CHANGED = 'carrier_port_out.changed';

/** A carrier's message: one that waits on the line is answered at once, any other only has its request looked at. */
@Injectable()
export class ReceivePortOut {
  constructor(
    private readonly db: Database,
    private readonly carrier: PortOutCarrier,
    private readonly take: TakePortOut,
  ) {}

  /** @returns the answer to whoever waits for one. @throws AppError porting.bad_signature; nothing is written then */
  async execute(rawBody: Uint8Array, signature: string, requestId: string): Promise<KeptAnswer | undefined> {
    const message = this.parse(rawBody, signature);
    if (message.kind === 'asked') return this.take.execute(message.portOut, true, requestId);
    const { ref } = message;
    await this.db.tx(systemContext('carrier webhook', requestId), async (tx) =>
      publish(tx, { type: CARRIER_PORT_OUT_CHANGED, tenantId: PLATFORM_TENANT_ID, data: { ref } }),
    );
    return undefined;
  }

  private parse(rawBody: Uint8Array, signature: string): PortOutMessage {
    try {
      return this.carrier.parsePortOutWebhook(rawBody, signature);
    } catch (cause) {
      throw new AppError(portingErrors.badSignature, undefined, { cause });
    }
  }
}
