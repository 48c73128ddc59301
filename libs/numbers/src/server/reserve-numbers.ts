import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { E164, Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import type { Outcome, Tx } from '@trunkline/platform';
import { decodeE164Cursor, encodeE164Cursor } from '../core/e164-cursor.ts';
import { numberErrors } from '../core/errors.ts';
import { RESERVED_MAX, prolonged, reservedUntil } from '../core/reservation.ts';
import {
  countReservations,
  dropReservations,
  listReservations,
  lockReservations,
  prolongReservations,
  reserveNumbers,
} from './reservations.sql.ts';
import type { Reservation } from './reservations.sql.ts';

/** Keeps numbers for a tenant while it makes up its mind: 15 minutes at a time, a day at most. Each number by itself. */
@Injectable()
export class ReserveNumbers {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Keeps each that nobody has; one that the tenant has reserved already stays as it is. @throws AppError number.too_many_reserved */
  reserve(ctx: TenantContext, numbers: readonly E164[]): Promise<Outcome<Reservation>[]> {
    return this.each(ctx, numbers, 'number_reservation.made', numberErrors.notAvailable, async (tx, now) => {
      const held = await countReservations(tx, ctx.tenantId, now);
      const own = await lockReservations(tx, ctx.tenantId, now, numbers);
      const wanted = numbers.filter((e164) => !own.some((r) => r.e164 === e164));
      if (held + wanted.length > RESERVED_MAX) throw new AppError(numberErrors.tooManyReserved, `At most ${RESERVED_MAX}; ${held} are reserved`);
      return [...own, ...(await reserveNumbers(tx, ctx.tenantId, now, wanted, reservedUntil(now)))];
    });
  }

  prolong(ctx: TenantContext, numbers: readonly E164[]): Promise<Outcome<Reservation>[]> {
    return this.each(ctx, numbers, 'number_reservation.prolonged', numberErrors.notReserved, async (tx, now) => {
      const own = await lockReservations(tx, ctx.tenantId, now, numbers);
      const longer = own.map((r) => ({ ...r, reservedUntil: prolonged(r.reservedAt, r.reservedUntil, now) }));
      await prolongReservations(tx, longer);
      return longer;
    });
  }

  /** Lets others have them. The answer shows what was given up. */
  drop(ctx: TenantContext, numbers: readonly E164[]): Promise<Outcome<Reservation>[]> {
    return this.each(ctx, numbers, 'number_reservation.dropped', numberErrors.notReserved, async (tx, now) => {
      const own = await lockReservations(tx, ctx.tenantId, now, numbers);
      await dropReservations(
        tx,
        own.map((r) => r.e164),
      );
      return own.map((r) => ({ ...r, reservedUntil: now }));
    });
  }

  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<Reservation>> {
    const after = cursor === undefined ? '' : decodeE164Cursor(cursor);
    return this.db.read(ctx, async (tx) => {
      const rows = await listReservations(tx, ctx.tenantId, this.clock.now(), after, limit + 1);
      const data = rows.slice(0, limit);
      const last = data.at(-1);
      return { data, nextCursor: rows.length > limit && last ? encodeE164Cursor(last.e164) : null };
    });
  }

  /** What became of each number, in their order; what `act` does not return was refused. */
  private each(
    ctx: TenantContext,
    numbers: readonly E164[],
    action: string,
    refusal: typeof numberErrors.notAvailable | typeof numberErrors.notReserved,
    act: (tx: Tx, now: Date) => Promise<readonly Reservation[]>,
  ): Promise<Outcome<Reservation>[]> {
    return this.db.tx(ctx, async (tx) => {
      const done = new Map((await act(tx, this.clock.now())).map((r) => [r.e164, r]));
      if (done.size > 0) audit(tx, ctx, action, newId(), { numbers: [...done.keys()] });
      return numbers.map((e164) => {
        const value = done.get(e164);
        const refused = () => new AppError(refusal, undefined, { errors: [{ pointer: '', code: refusal.code.split('.')[1] ?? '', detail: refusal.title }] });
        return value ? { done: true, value } : { done: false, error: refused() };
      });
    });
  }
}
