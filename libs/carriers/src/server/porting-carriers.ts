import { AppError } from '@trunkline/kernel';
import { carrierErrors } from '../core/errors.ts';
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
import { EmulatedPortingCarrier } from './emulated-porting-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';
import { PortingCarrier } from './porting-carrier.ts';

/** The carriers of this installation that are real ones: `{ first, all }`, where new orders go and all that are set up. */
export const REAL_PORTING_CARRIERS = Symbol('RealPortingCarriers');
export type RealPortingCarriers = { readonly first: PortingCarrier | undefined; readonly all: readonly PortingCarrier[] };

/** The emulated carrier alone, or all of them as one. */
export const portingCarrierOf = (emulated: EmulatedPortingCarrier, real?: RealPortingCarriers): PortingCarrier => {
  if (!real || real.all.length === 0) return emulated;
  const first = real.first ?? emulated;
  return new PortingCarriers(
    first,
    [...real.all, emulated].filter((carrier) => carrier !== first),
  );
};

/**
 * The carriers of an installation as one: new orders go to the first; those that went to another earlier stay with it, for a reference says whose it
 * is (`telnyx:…`; one without a name is the emulated carrier's).
 */
export class PortingCarriers extends PortingCarrier {
  readonly name: string;
  readonly abilities: PortingAbilities;

  constructor(
    private readonly first: PortingCarrier,
    private readonly others: readonly PortingCarrier[],
  ) {
    super();
    this.name = first.name;
    this.abilities = first.abilities;
  }

  checkPortability(e164s: readonly string[]): Promise<readonly Portability[]> {
    return this.first.checkPortability(e164s);
  }
  async requestRecord(request: RecordRequest): Promise<string> {
    return named(this.first, await this.first.requestRecord(request));
  }
  record(ref: string): Promise<RecordAnswer> {
    return this.of(ref, (carrier, own) => carrier.record(own));
  }
  requirements(numbers: { readonly country: string; readonly type: PortableType }): Promise<readonly CarrierRequirement[]> {
    return this.first.requirements(numbers);
  }
  focWindows(ref: string): Promise<readonly FocWindow[]> {
    return this.of(ref, (carrier, own) => carrier.focWindows(own));
  }
  async create(orderId: string, request: PortRequest): Promise<string> {
    return named(this.first, await this.first.create(orderId, request));
  }
  supplement(ref: string, request: PortRequest): Promise<void> {
    return this.of(ref, (carrier, own) => carrier.supplement(own, request));
  }
  cancel(ref: string, key: string): Promise<void> {
    return this.of(ref, (carrier, own) => carrier.cancel(own, key));
  }
  activate(ref: string, key: string): Promise<void> {
    return this.of(ref, (carrier, own) => carrier.activate(own, key));
  }
  reverse(ref: string, key: string): Promise<void> {
    return this.of(ref, (carrier, own) => carrier.reverse(own, key));
  }
  addNote(ref: string, text: string, key: string): Promise<void> {
    return this.of(ref, (carrier, own) => carrier.addNote(own, text, key));
  }
  notes(ref: string): Promise<readonly CarrierPortNote[]> {
    return this.of(ref, (carrier, own) => carrier.notes(own));
  }
  async getOrder(ref: string): Promise<CarrierPortSnapshot> {
    return { ...(await this.of(ref, (carrier, own) => carrier.getOrder(own))), ref };
  }

  sent(message: SignedMessage): boolean {
    return this.all().some((carrier) => carrier.sent(message));
  }
  parseWebhook(message: SignedMessage, now: Date): readonly CarrierPortEvent[] {
    const carrier = this.all().find((one) => one.sent(message));
    if (!carrier) throw new AppError(carrierErrors.badSignature);
    return carrier.parseWebhook(message, now).map((event) => ({ ...event, ref: named(carrier, event.ref) }));
  }

  private all(): readonly PortingCarrier[] {
    return [this.first, ...this.others];
  }

  private of<T>(ref: string, ask: (carrier: PortingCarrier, own: string) => Promise<T>): Promise<T> {
    const at = ref.indexOf(':');
    const carrier = this.all().find((one) => (at < 0 ? one instanceof EmulatedPortingCarrier : one.name === ref.slice(0, at)));
    if (!carrier) return Promise.reject(new Error(`the carrier of ${ref} is not set up any more`));
    return ask(carrier, ref.slice(at + 1));
  }
}

const named = (carrier: PortingCarrier, ref: string): string =>
  carrier instanceof EmulatedPortingCarrier ? ref : `${carrier.name}:${ref}`;
