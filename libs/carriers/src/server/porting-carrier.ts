import type {
  CarrierPortEvent,
  CarrierPortSnapshot,
  CustomerRecord,
  Portability,
  PortingAbilities,
  PortRequest,
} from '../core/porting-carrier.ts';

/** What is wrong with a command for good: it must not be repeated as it is. Whatever else is thrown passes, and the command is repeated. */
export class CarrierRefusal extends Error {
  constructor(
    readonly carrierCode: string,
    message: string,
  ) {
    super(message);
  }
}

/** A carrier that ports numbers to us. Commands are acknowledged and no more; `key` makes a repeat harmless. */
export abstract class PortingCarrier {
  abstract readonly name: string;
  abstract readonly abilities: PortingAbilities;
  abstract checkPortability(e164s: readonly string[]): Promise<readonly Portability[]>;
  /** What the losing carrier says of the account that these numbers are of; null: it says nothing. */
  abstract customerRecord(e164s: readonly string[]): Promise<CustomerRecord | null>;
  /** @returns how the carrier calls the request; the same for the same order, however often it is told */
  abstract create(orderId: string, request: PortRequest): Promise<string>;
  abstract supplement(ref: string, request: PortRequest): Promise<void>;
  abstract cancel(ref: string, key: string): Promise<void>;
  abstract activate(ref: string, key: string): Promise<void>;
  abstract reverse(ref: string, key: string): Promise<void>;
  abstract getOrder(ref: string): Promise<CarrierPortSnapshot>;
  /** @throws when the signature does not fit the body */
  abstract parseWebhook(rawBody: Uint8Array, signature: string): readonly CarrierPortEvent[];
}
