/** What a carrier that ports numbers can tell and be told, whoever it is. Every command is only acknowledged: what comes of it is told by an event. */

export type PortableType = 'local' | 'national' | 'mobile' | 'toll_free' | 'shared_cost';

/** A carrier's answer for one number. `reason` is ours (see reject reasons); null when it can be ported. */
export type Portability = {
  readonly e164: string;
  readonly portable: boolean;
  readonly reason: string | null;
  readonly country: string; // ISO 3166-1 alpha-2
  readonly type: PortableType;
  readonly losingCarrier: { readonly id: string; readonly name: string }; // SPID, RespOrg or the country's like
  readonly fastPort: boolean; // may be activated on demand
};

/** Why a request came back: our code, and the carrier's own code and words, kept as they are. `numbers` is empty when it is about all of them. */
export type PortRejection = {
  readonly code: string;
  readonly carrierCode: string;
  readonly carrierText: string;
  readonly numbers: readonly string[];
};

/** What the losing carrier has on record of an account (a CSR), by the names of our fields. `numbers` are all of the account; empty when it does not say. */
export type CustomerRecord = { readonly fields: Readonly<Record<string, string>>; readonly numbers: readonly string[] };

export type FirmDate = { readonly at: Date; readonly timeZone: string }; // the instant, and the zone its local date is told in

/** `unknown`: the carrier calls it something that is none of these; see `carrierStatus`. */
export type CarrierPortStatus = 'received' | 'accepted' | 'rejected' | 'foc' | 'cancelled' | 'closed' | 'unknown';
export type CarrierNumberStatus = 'pending' | 'active' | 'failed' | 'cancelled' | 'reversed';

/** The whole of a request as the carrier sees it. `version` grows with each change of it, `answers` is the version of ours it speaks of. */
export type CarrierPortSnapshot = {
  readonly ref: string;
  readonly version: number;
  readonly answers: number;
  readonly status: CarrierPortStatus;
  readonly carrierStatus?: string; // the carrier's own word for it
  readonly foc: FirmDate | null;
  readonly rejections: readonly PortRejection[];
  readonly numbers: readonly { readonly e164: string; readonly status: CarrierNumberStatus }[];
  readonly cancel: 'none' | 'pending' | 'too_late';
  readonly reversal: 'none' | 'pending' | 'refused';
};

/** A document of an order. Its bytes are only fetched by whoever hands them on. */
export type PortPaper = {
  readonly id: string;
  readonly kind: 'letter_of_authority' | 'bill';
  readonly fileName: string;
  readonly mediaType: string;
  readonly read: () => Promise<Uint8Array>;
};

/** What is asked of a carrier for one order. `key` makes a repeat of it harmless. */
export type PortRequest = {
  readonly key: string;
  readonly version: number;
  readonly numbers: readonly string[];
  readonly requestedFocAt: Date | null;
  readonly timeZone: string;
  readonly country: string; // of its numbers
  readonly customer: 'business' | 'residential';
  readonly fields: Readonly<Record<string, string>>; // the account at the losing carrier
  readonly papers: readonly PortPaper[]; // the newest last
};

/** What was said about a request, by the carrier or to it. */
export type CarrierPortNote = { readonly id: string; readonly text: string; readonly at: Date };

/** A message of a carrier: only that something is different with a request. */
export type CarrierPortEvent = { readonly carrier: string; readonly eventId: string; readonly ref: string };

export type PortingAbilities = {
  readonly onDemandActivation: boolean;
  readonly cutoffHours: number; // before the firm date, when it can no longer be moved or cancelled
  readonly numbersMax: number; //  of one request
};
