/** What a carrier tells of numbers that leave for another one, and what it is told, whoever it is. */

/** `unknown`: the carrier calls it something that is none of these. */
export type CarrierPortOutStatus =
  'open' | 'authorized' | 'rejected' | 'foc' | 'ported' | 'cancelled' | 'reversing' | 'restored' | 'upheld' | 'unknown';

/** A request as the carrier sees it. `version` grows with each change of it. What the winning carrier did not say is null. */
export type CarrierPortOut = {
  readonly ref: string;
  readonly version: number;
  readonly status: CarrierPortOutStatus;
  readonly numbers: readonly string[];
  readonly pin: string | null;
  readonly accountNumber: string | null;
  readonly postalCode: string | null;
  readonly subscriberName: string | null;
  readonly purchaseOrder: string | null;
  readonly winningCarrier: { readonly id: string | null; readonly name: string };
  readonly deadline: Date; // silence until then is a yes
  readonly focAt: Date | null;
};

/** `reason` is one of ours; the adapter has the carrier's own code for it. `numbers` is empty when it is about all of them. */
export type PortOutAnswer =
  | { readonly kind: 'authorized' }
  | { readonly kind: 'rejected'; readonly reason: string; readonly numbers: readonly string[]; readonly evidence?: string | null };

/**
 * `asked`: the carrier is on the line and takes the answer from the response. `unreadable`: it is on the line, and nobody knows for what.
 * `changed`: something is new or different, ask. `other`: it is about none of this.
 */
export type PortOutMessage =
  | { readonly kind: 'asked'; readonly portOut: CarrierPortOut }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'changed'; readonly ref: string }
  | { readonly kind: 'other' };

/** What a carrier on the line is answered, in its own words. */
export type PortOutReply = { readonly contentType: string; readonly body: string };
