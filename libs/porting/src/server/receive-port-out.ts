import { Injectable } from '@nestjs/common';
import { PortOutCarriers } from '@trunkline/carriers/server';
import type { PortOutCarrier, SignedMessage } from '@trunkline/carriers/server';
import type { PortOutMessage, PortOutReply } from '@trunkline/carriers';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, publish } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import type { KeptAnswer } from './port-outs.sql.ts';
import { TakePortOut } from './take-port-out.ts';

export const CARRIER_PORT_OUT_CHANGED = 'carrier_port_out.changed';

/** `answer`: to whoever waits for one; `reply`: the same in the carrier's own words, where it has some. */
export type ReceivedMessage = { readonly answer: KeptAnswer | undefined; readonly reply: PortOutReply | null };

/** A carrier's message: one that waits on the line is answered at once, any other only has its request looked at. */
@Injectable()
export class ReceivePortOut {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly carriers: PortOutCarriers,
    private readonly take: TakePortOut,
  ) {}

  /** @throws AppError porting.bad_signature; nothing is written then */
  async execute(message: SignedMessage, requestId: string): Promise<ReceivedMessage> {
    const [carrier, said] = this.parse(message);
    if (said.kind === 'asked') return this.answer(carrier, said, requestId);
    if (said.kind === 'unreadable') return replied(carrier, { kind: 'rejected', reason: 'UNREADABLE', numbers: [] }, null);
    if (said.kind === 'changed') await this.wake(carrier.name, said.ref, requestId);
    return { answer: undefined, reply: null };
  }

  private async answer(carrier: PortOutCarrier, { portOut }: Asked, requestId: string): Promise<ReceivedMessage> {
    return replied(carrier, await this.take.execute(carrier, portOut, true, requestId), portOut);
  }

  private wake(carrier: string, ref: string, requestId: string): Promise<void> {
    return this.db.tx(systemContext('carrier webhook', requestId), async (tx) =>
      publish(tx, { type: CARRIER_PORT_OUT_CHANGED, tenantId: PLATFORM_TENANT_ID, data: { carrier, ref } }),
    );
  }

  private parse(message: SignedMessage): readonly [PortOutCarrier, PortOutMessage] {
    try {
      const carrier = this.carriers.senderOf(message);
      return [carrier, carrier.parsePortOutWebhook(message, this.clock.now())];
    } catch (cause) {
      throw new AppError(portingErrors.badSignature, undefined, { cause });
    }
  }
}

type Asked = Extract<PortOutMessage, { kind: 'asked' }>;

const replied = (carrier: PortOutCarrier, answer: KeptAnswer, portOut: Asked['portOut'] | null): ReceivedMessage => ({
  answer,
  reply: answer.kind === 'pending' ? null : carrier.reply(answer, portOut),
});
