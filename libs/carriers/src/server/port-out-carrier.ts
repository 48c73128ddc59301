import type { CarrierPortOut, PortOutAnswer, PortOutMessage, PortOutReply } from '../core/port-out-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';

/**
 * A carrier whose numbers leave. What it is told may be told twice; what comes of it is told by a message, or found by asking. What it will not take
 * it refuses (CarrierRefusal): that is not told again. Whatever else is thrown passes.
 */
export abstract class PortOutCarrier {
  abstract readonly name: string;
  abstract readonly numbersMax: number; // of one request
  /** Whether it takes an answer after it asked; else it asks on the line alone, and what is found by asking is decided. */
  abstract readonly asksLater: boolean;
  abstract portOut(ref: string): Promise<CarrierPortOut>;
  /** What changed after an instant, the oldest first. @returns with the instant that is read up to; more may follow it */
  abstract changedSince(at: Date): Promise<{ readonly refs: readonly string[]; readonly readTo: Date }>;
  /** @throws CarrierRefusal when the answer comes too late, or is none that it takes */
  abstract answer(ref: string, answer: PortOutAnswer): Promise<void>;
  /** Whether a request, as it is called, has a place for words to the carrier's people. */
  abstract takesNotes(ref: string): boolean;
  /** Says something about a request to the people at the carrier. @param key makes a repeat harmless. @throws CarrierRefusal */
  abstract addNote(ref: string, text: string, key: string): Promise<void>;
  /** Asks that numbers come back which should not have left. @param key makes a repeat harmless. @throws CarrierRefusal */
  abstract dispute(ref: string, reason: string, key: string): Promise<void>;
  /** Whether a message says that it is of this carrier. */
  abstract sent(message: SignedMessage): boolean;
  /** @throws when it is not proven to be the carrier's */
  abstract parsePortOutWebhook(message: SignedMessage, now: Date): PortOutMessage;
  /** How it is answered on the line. @param portOut null: what it asked could not be read. @returns null: in the words of our API */
  abstract reply(answer: PortOutAnswer, portOut: CarrierPortOut | null): PortOutReply | null;
}
