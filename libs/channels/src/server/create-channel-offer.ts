import { Injectable } from '@nestjs/common';
import { AppError, Clock, kernelErrors, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation } from '@trunkline/platform';
import { faultsOfSteps } from '@trunkline/rating';
import type { ChannelOffer, NewChannelOffer } from '../core/channel-pool.ts';
import { channelErrors } from '../core/errors.ts';
import { insertOffer } from './channels.sql.ts';

/** Makes an offer. It never changes, so what a tenant holds keeps its price: another price is another offer. */
@Injectable()
export class CreateChannelOffer {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid at the steps, channel_offer.name_taken */
  execute(ctx: SystemContext, input: NewChannelOffer): Promise<ChannelOffer> {
    const errors = faultsOfSteps(input.steps, '/steps');
    if (errors.length > 0) throw new AppError(kernelErrors.invalid, undefined, { errors });
    return this.db.tx(ctx, async (tx) => {
      const offer: ChannelOffer = { ...input, countries: [...new Set(input.countries)].sort(), id: newId(), createdAt: this.clock.now() };
      await insertOffer(tx, offer).catch(nameTaken);
      const { name, currency, countries, includedPerNumber, minimumChannels, meteredBy } = offer;
      const steps = offer.steps.map((s) => [s.fromChannels, String(s.monthlyNanos), String(s.setupNanos)]);
      const told = { name, currency, countries, includedPerNumber, minimumChannels, meteredBy, meteredNanos: String(offer.meteredNanos) };
      audit(tx, ctx, 'channel_offer.created', offer.id, { ...told, steps });
      return offer;
    });
  }
}

const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'channel_offer_name_key')) throw error;
  throw new AppError(channelErrors.offerNameTaken, undefined, {
    errors: [{ pointer: '/name', code: 'taken', detail: channelErrors.offerNameTaken.title }],
  });
};
