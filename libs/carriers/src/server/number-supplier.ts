import type { E164, TenantContext } from '@trunkline/kernel';

/** What suppliers tell numbers apart by. */
export const SUPPLIED_TYPES = ['local', 'national', 'mobile', 'toll_free', 'shared_cost'] as const;
export type SuppliedType = (typeof SUPPLIED_TYPES)[number];

/** What is looked for. `startsWith` is the beginning of an E.164 number with its +, `contains` digits anywhere in it. */
export type NumberSearch = {
  readonly country: string; // ISO 3166-1 alpha-2
  readonly type?: SuppliedType | undefined;
  readonly areaCode?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly contains?: string | undefined;
  readonly rateCenter?: string | undefined; // North America, without regard to case
  readonly lata?: string | undefined;
  readonly limit: number;
};

/** A number that can be had. Null: the supplier does not say it. */
export type NumberOffer = {
  readonly e164: E164;
  readonly country: string;
  readonly areaCode: string | null;
  readonly locality: string | null;
  readonly rateCenter: string | null;
  readonly lata: string | null;
  readonly type: string;
};

/** What became of an order, as the supplier tells it. `detail` is for people. */
export type SupplyOrder = {
  readonly state: 'pending' | 'succeeded' | 'failed';
  readonly orderId: string | null;
  readonly detail: string | null;
};

/** What a supplier sent by itself, as it came. */
export type SignedMessage = { readonly rawBody: Uint8Array; readonly header: (name: string) => string | undefined };

/**
 * Where numbers come from: our own inventory, or a carrier's. Each call may be repeated.
 * Calls throw AppError carrier.unavailable when there is no answer in time, or none that can be read: of an order that is an unknown outcome.
 */
export abstract class NumberSupplier {
  /** Names it in our rows: never changed once orders have been made. */
  abstract readonly name: string;

  /** Numbers that can be had now, in no promised order; what it cannot filter by, it leaves out. */
  abstract search(ctx: TenantContext, query: NumberSearch, signal?: AbortSignal): Promise<NumberOffer[]>;

  /** Keeps a number from others for a while. @returns until when; null when it does not */
  abstract reserve(ctx: TenantContext, e164: E164, reference: string): Promise<Date | null>;

  /**
   * Asks for a number to become the platform's. A refusal is no error.
   * @param reference finds the order again; it is asked for with the same one at most once more, when `find` says that it never arrived
   */
  abstract order(ctx: TenantContext, e164: E164, reference: string): Promise<SupplyOrder>;

  /** The order as it is now; undefined when the supplier knows of none. */
  abstract find(ctx: TenantContext, e164: E164, reference: string, orderId: string | null): Promise<SupplyOrder | undefined>;

  /**
   * What the supplier tells by itself. Only that there is news of an order is taken from it; what they are, `find` asks.
   * @returns the order's reference; null when it tells of something else
   * @throws AppError carrier.bad_signature, resource.not_found when it tells nothing by itself
   */
  abstract heard(message: SignedMessage, now: Date): string | null;

  /** Gives a number back. One that it does not hold for us any more is given back already. */
  abstract release(e164: E164): Promise<void>;
}

/** The carriers' suppliers of this installation, in the order in which they are asked. */
export const CARRIER_SUPPLIERS = Symbol('CarrierSuppliers');
