import type {
  CarrierPortEvent,
  CarrierPortNote,
  CarrierPortSnapshot,
  CarrierRequirement,
  FocWindow,
  Portability,
  PortableType,
  PortingAbilities,
  PortRequest,
  RecordAnswer,
  RecordRequest,
} from '../core/porting-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';

/** What is wrong with a command for good: it must not be repeated as it is. Whatever else is thrown passes, and the command is repeated. */
export class CarrierRefusal extends Error {
  constructor(
    readonly carrierCode: string,
    message: string,
    readonly code: string = 'OTHER', // one of ours
  ) {
    super(message);
  }
}

/** A carrier that ports numbers to us. Commands are acknowledged and no more; `key` makes a repeat harmless. */
export abstract class PortingCarrier {
  abstract readonly name: string;
  abstract readonly abilities: PortingAbilities;
  abstract checkPortability(e164s: readonly string[]): Promise<readonly Portability[]>;
  /** Has the losing carrier asked for its record of an account. @returns what to ask after the answer by. @throws CarrierRefusal: it will not tell */
  abstract requestRecord(request: RecordRequest): Promise<string>;
  abstract record(ref: string): Promise<RecordAnswer>;
  /** What it asks of ports of such numbers itself, beside what countries do. */
  abstract requirements(numbers: { readonly country: string; readonly type: PortableType }): Promise<readonly CarrierRequirement[]>;
  /** When it takes the numbers of a request over; none: it does not say. */
  abstract focWindows(ref: string): Promise<readonly FocWindow[]>;
  /** @returns how the carrier calls the request; the same for the same order, however often it is told */
  abstract create(orderId: string, request: PortRequest): Promise<string>;
  abstract supplement(ref: string, request: PortRequest): Promise<void>;
  abstract cancel(ref: string, key: string): Promise<void>;
  abstract activate(ref: string, key: string): Promise<void>;
  abstract reverse(ref: string, key: string): Promise<void>;
  abstract getOrder(ref: string): Promise<CarrierPortSnapshot>;
  /** Says something about a request to the people at the carrier. @param key makes a repeat harmless */
  abstract addNote(ref: string, text: string, key: string): Promise<void>;
  /** What the carrier's people said about a request. */
  abstract notes(ref: string): Promise<readonly CarrierPortNote[]>;
  /** Whether a message says that it is of this carrier. */
  abstract sent(message: SignedMessage): boolean;
  /** @throws when it is not proven to be the carrier's */
  abstract parseWebhook(message: SignedMessage, now: Date): readonly CarrierPortEvent[];
}
