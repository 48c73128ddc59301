import { AppError } from '@trunkline/kernel';
import { carrierErrors } from '../core/errors.ts';
import { EmulatedPortOutCarrier } from './emulated-port-out-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';
import type { PortOutCarrier } from './port-out-carrier.ts';

/** What the settings say: the real carriers that are heard, and whether the emulated one is. */
export const PORT_OUT_SETTINGS = Symbol('PortOutSettings');
export type PortOutSettings = { readonly real: readonly PortOutCarrier[]; readonly emulated: boolean };

/** The carriers whose requests are heard, read and answered: each has its own, for a number is asked for at the carrier that holds it. */
export class PortOutCarriers {
  readonly all: readonly PortOutCarrier[];
  /** What rehearsals are held with; undefined where it is turned off. */
  readonly emulated: EmulatedPortOutCarrier | undefined;

  constructor(emulated: EmulatedPortOutCarrier, settings?: PortOutSettings) {
    this.emulated = (settings?.emulated ?? true) ? emulated : undefined;
    this.all = [...(settings?.real ?? []), ...(this.emulated ? [this.emulated] : [])];
  }

  /** @throws when it is not set up (any more) */
  named(name: string): PortOutCarrier {
    const found = this.all.find((carrier) => carrier.name === name);
    if (!found) throw new Error(`the carrier ${name} is not set up for port-outs`);
    return found;
  }

  /** @throws AppError carrier.bad_signature when a message says of no carrier that it is its own */
  senderOf(message: SignedMessage): PortOutCarrier {
    const found = this.all.find((carrier) => carrier.sent(message));
    if (!found) throw new AppError(carrierErrors.badSignature);
    return found;
  }
}
