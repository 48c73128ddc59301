import type { CarrierPortOut, PortOutAnswer, PortOutMessage } from '../core/port-out-carrier.ts';

/** A carrier whose numbers leave. What it is told may be told twice; what comes of it is told by a message, or found by asking. */
export abstract class PortOutCarrier {
  abstract readonly name: string;
  abstract readonly numbersMax: number; // of one request
  abstract portOut(ref: string): Promise<CarrierPortOut>;
  /** What changed after an instant, the oldest first. @returns with the instant that is read up to; more may follow it */
  abstract changedSince(at: Date): Promise<{ readonly refs: readonly string[]; readonly readTo: Date }>;
  abstract answer(ref: string, answer: PortOutAnswer): Promise<void>;
  /** Asks that numbers come back which should not have left. */
  abstract dispute(ref: string, reason: string): Promise<void>;
  /** @throws when the signature does not fit the body */
  abstract parsePortOutWebhook(rawBody: Uint8Array, signature: string): PortOutMessage;
}
