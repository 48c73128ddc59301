import { Injectable } from '@nestjs/common';
import { PortingCarrier } from '@trunkline/carriers/server';
import type { CarrierRequirement, PortableType } from '@trunkline/carriers';
import { Log } from '@trunkline/platform';

/** What the carrier that new orders go to asks of such ports itself. If it does not say, what the country asks is all that is known. */
@Injectable()
export class CarrierAsks {
  constructor(
    private readonly carrier: PortingCarrier,
    private readonly log: Log,
  ) {}

  async of({ country, type }: { readonly country: string; readonly type: PortableType }): Promise<readonly CarrierRequirement[]> {
    if (!this.carrier.abilities.requirements) return [];
    return this.carrier.requirements({ country, type }).catch((err: unknown) => {
      this.log.warn({ country, type, err }, 'the carrier did not say what it asks of ports');
      return [];
    });
  }
}
