import { Injectable } from '@nestjs/common';
import type { CarrierPortOut } from '@trunkline/carriers';
import type { PortOutCarrier } from '@trunkline/carriers/server';
import { Clock, newId, systemContext } from '@trunkline/kernel';
import { holdNumbers } from '@trunkline/numbers/server';
import { Database, Sealer } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { decidePortOut } from '../core/decide-port-out.ts';
import type { NumberStanding, PortOutDecision, PortOutRequest } from '../core/decide-port-out.ts';
import { movesOfCarrier } from '../core/port-out-facts.ts';
import type { PortOutMove } from '../core/port-out-facts.ts';
import { NO_GUESSES, afterWrongPin } from '../core/pin-guesses.ts';
import type { PinGuesses } from '../core/pin-guesses.ts';
import { guessSubject, lockPinGuesses, readFacts, savePinGuesses } from './port-out-standing.sql.ts';
import type { NumberFacts } from './port-out-standing.sql.ts';
import {
  appendPortOutEvent,
  claimPortOut,
  findAnswered,
  insertPortOut,
  insertPortOutNumbers,
  readReceived,
  settleReceived,
} from './port-outs.sql.ts';
import type { KeptAnswer, PortOutNumberRow, PortOutRow } from './port-outs.sql.ts';
import { portingContext } from './porting-context.ts';
import { recordPortOut } from './record-port-out.ts';

/** A PIN is bound to its tenant, so that one hash serves all its numbers. */
export const pinMacContext = (tenantId: string): string => `port out pin:${tenantId}`;

type Asked = {
  readonly carrier: PortOutCarrier;
  readonly portOut: CarrierPortOut;
  readonly facts: readonly NumberFacts[];
  readonly owner: string | null;
};

/**
 * Takes a request in, once, and decides what is stored suffices for. It is answered from one read, and where there is a PIN, from the count of wrong
 * ones, which is locked: of guesses that come at once each sees those before it.
 */
@Injectable()
export class TakePortOut {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  /** @param synchronous whether the carrier is on the line. @returns the same for the same request, however often it comes */
  execute(carrier: PortOutCarrier, portOut: CarrierPortOut, synchronous: boolean, requestId: string): Promise<KeptAnswer> {
    const { name } = carrier;
    // committed by itself, also inside a request that happens once: what follows is done as its tenant, who would not see it
    return this.db.alone(systemContext('carrier asks for numbers', requestId), async (tx) => {
      const now = this.clock.now();
      if (!(await claimPortOut(tx, name, portOut.ref, now))) return (await readReceived(tx, name, portOut.ref))!.answer;
      const answered = synchronous ? undefined : await findAnswered(tx, name, portOut);
      if (answered) {
        await settleReceived(tx, name, portOut.ref, answered);
        return answered.answer;
      }
      const facts = await readFacts(tx, [...new Set(portOut.numbers)].slice(0, carrier.numbersMax + 1));
      const asked = { carrier, portOut, facts, owner: facts.find((f) => f.tenantId !== null)?.tenantId ?? null };
      const request = await this.requestOf(tx, asked, synchronous, now);
      const decision = decidePortOut(request);
      await countWrongPin(tx, asked, request, decision, now);
      const portOutId = asked.owner === null ? null : await this.keep(tx, asked, request, decision);
      const answer = answerOf(decision);
      // silence would be a yes for a number that nobody has, too
      const isUntold = asked.owner === null && !synchronous && portOut.status === 'open' && answer.kind === 'rejected';
      await settleReceived(tx, name, portOut.ref, { ownerId: asked.owner, portOutId, answer }, isUntold ? now : null);
      return answer;
    });
  }

  private async requestOf(tx: Tx, { carrier, portOut, facts, owner }: Asked, synchronous: boolean, now: Date): Promise<PortOutRequest> {
    const guarded = facts.filter((f) => f.tenantId === owner && f.pinMac !== null).flatMap((f) => guessSubject(f) ?? []);
    const subjects = portOut.pin === null || owner === null ? [] : [...new Set(guarded)].sort();
    const guesses = owner === null ? new Map<string, PinGuesses>() : await lockPinGuesses(tx, owner, subjects);
    const own = facts.find((f) => f.tenantId === owner);
    return {
      numbers: facts.map((f) => this.standingOf(f, portOut.pin, guesses)),
      account: {
        accountNumber: matches(portOut.accountNumber, own?.accountNumber ?? null),
        postalCode: matches(portOut.postalCode, own?.postalCode ?? null),
      },
      numbersMax: carrier.numbersMax,
      synchronous,
      receivedAt: now,
      deadline: portOut.deadline,
    };
  }

  private standingOf(f: NumberFacts, pin: string | null, guesses: ReadonlyMap<string, PinGuesses>): NumberStanding {
    const { e164, tenantId, state, locked, pinMac } = f;
    const isRight = pinMac !== null && tenantId !== null && pin !== null && this.sealer.mac(pin, pinMacContext(tenantId)).equals(pinMac);
    const active = state === 'assigned' || state === 'porting_out';
    const known = guesses.get(guessSubject(f) ?? '') ?? NO_GUESSES;
    return { e164, tenantId, active, locked, pin: pinMac === null ? null : isRight ? 'right' : 'wrong', guesses: known };
  }

  /** The tenant's part of it: it is told of its own numbers alone. */
  private async keep(
    tx: Tx,
    { carrier, portOut, facts, owner }: Asked,
    request: PortOutRequest,
    decision: PortOutDecision,
  ): Promise<string> {
    const { receivedAt: now, numbers: standings } = request;
    const ctx = portingContext(owner!);
    const row = rowOf(owner!, carrier.name, portOut, request, decision);
    const decided = request.synchronous ? [] : movesOfCarrier({ ...row, until: null, version: -1 }, portOut);
    const open = decided.length > 0 ? !['rejected', 'cancelled'].includes(decided[0]!.state) : decision.kind !== 'rejected';
    const numbers = facts.flatMap(({ tenantId, numberId, e164 }, i): PortOutNumberRow[] => {
      const standing = standings[i];
      if (tenantId !== owner || numberId === null || !standing) return [];
      const { active, locked, pin } = standing;
      return [{ portOutId: row.id, numberId, e164, active, locked, pin }];
    });
    const leaving = numbers.map((n) => ({ id: n.numberId, e164: n.e164 }));
    const [, , , held] = await Promise.all([
      insertPortOut(tx, row),
      insertPortOutNumbers(tx, row, numbers, open),
      appendPortOutEvent(tx, row, 1, { state: 'received', by: 'carrier' }, now),
      open && holdNumbers(tx, owner!, leaving, now),
    ]);
    if (open && !held) throw new Error('a number went while it was asked for');
    const moves = decided.length > 0 ? decided : [moveOf(decision)];
    await recordPortOut(tx, ctx, { row, numbers, length: 1 }, moves, now, decided.length > 0 ? portOut.version : row.carrierVersion);
    return row.id;
  }
}

const moveOf = (decision: PortOutDecision): PortOutMove => {
  if (decision.kind === 'rejected') return { state: 'rejected', by: 'policy', reason: decision.reason };
  return { state: decision.kind === 'asked' ? 'pending_tenant' : 'authorized', by: 'policy' };
};

// the PIN was looked at only when everything before it was right, see decidePortOut; a request without one guesses nothing
const countWrongPin = async (
  tx: Tx,
  { portOut, facts, owner }: Asked,
  { numbers }: PortOutRequest,
  decision: PortOutDecision,
  now: Date,
) => {
  if (owner === null || portOut.pin === null || decision.kind !== 'rejected' || decision.reason !== 'PIN_INVALID') return;
  const wrong = new Map(
    facts.flatMap((f, i) => (numbers[i]?.pin === 'wrong' ? [[guessSubject(f) ?? '', numbers[i].guesses] as const] : [])),
  );
  for (const [subject, guesses] of wrong) await savePinGuesses(tx, owner, subject, afterWrongPin(guesses, now));
};

const plain = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase();
const matches = (said: string | null, own: string | null): boolean | null =>
  said === null || own === null ? null : plain(said) === plain(own);

const answerOf = (decision: PortOutDecision): KeptAnswer => {
  if (decision.kind === 'asked') return { kind: 'pending' };
  return decision.kind === 'authorized' ? decision : { kind: 'rejected', reason: decision.reason, numbers: decision.numbers };
};

const rowOf = (
  tenantId: string,
  carrier: string,
  portOut: CarrierPortOut,
  { account, numbersMax, synchronous, receivedAt }: PortOutRequest,
  decision: PortOutDecision,
): PortOutRow => ({
  tenantId,
  id: newId(),
  carrier,
  carrierRef: portOut.ref,
  carrierVersion: 0, // what else the view says is heeded next
  state: 'received',
  stateSince: receivedAt,
  purchaseOrder: portOut.purchaseOrder,
  winningCarrierId: portOut.winningCarrier.id,
  winningCarrierName: portOut.winningCarrier.name,
  subscriberName: portOut.subscriberName,
  accountMatches: account.accountNumber,
  postalCodeMatches: account.postalCode,
  numbersMax,
  synchronous,
  receivedAt,
  carrierDeadlineAt: portOut.deadline,
  answerBy: decision.kind === 'asked' ? decision.until : null,
  decidedBy: null,
  reason: null,
  evidence: null,
  focAt: null,
  completedAt: null,
  tellDueAt: null,
  revision: 1,
  createdAt: receivedAt,
  updatedAt: receivedAt,
});
