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

/** What a carrier is told of an account to be let see its record. `since` is when we began to want it: an older record answers an older question. */
export type RecordRequest = {
  readonly orderId: string;
  readonly number: string; // of the account
  readonly numbers: readonly string[]; // that are to come
  readonly fields: Readonly<Record<string, string>>;
  readonly since: Date;
};
/** `pending`: the losing carrier has yet to answer. `untold`: it will not, for that reason. */
export type RecordAnswer =
  | { readonly kind: 'pending' }
  | { readonly kind: 'told'; readonly record: CustomerRecord }
  | { readonly kind: 'untold'; readonly reason: string };

/** Something that a carrier itself asks of ports. `name` is that of our field or document; null: we have none for it. */
export type CarrierRequirement = {
  readonly kind: 'field' | 'document';
  readonly name: string | null;
  readonly label: string;
  readonly help: string;
};

/** When a carrier takes an order's numbers over. */
export type FocWindow = { readonly from: Date; readonly to: Date };

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
  readonly messaging?: string | null; // how far messages follow the calls, in the carrier's own word; absent: it does not tell
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
  readonly customerRecords: boolean; // it asks losing carriers for what they have on record
  readonly requirements: boolean; // it tells what it asks of ports itself
  readonly focWindows: boolean; // it tells when it takes an order's numbers over
};
