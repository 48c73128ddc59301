import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Context, Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import type { CarrierDays } from '../core/business-days.ts';
import { portingErrors } from '../core/errors.ts';

export type CarrierHoliday = {
  readonly id: string;
  readonly country: string;
  readonly losingCarrierId: string | null; // null: all carriers of the country
  readonly date: string; // YYYY-MM-DD
  readonly closed: boolean;
  readonly name: string;
  readonly createdAt: Date;
};
export type NewCarrierHoliday = Omit<CarrierHoliday, 'id' | 'createdAt'>;

const SELECT = `SELECT id, country, nullif(losing_carrier_id, '') AS "losingCarrierId", date::text, closed, name, created_at AS "createdAt" FROM carrier_holiday`;
const list = sql<CarrierHoliday>(
  'carrier-holidays',
  `${SELECT} WHERE (created_at, id) < ($1, $2) AND ($4::text IS NULL OR country = $4) ORDER BY created_at DESC, id DESC LIMIT $3`,
);
const insert = sql<{ id: string }>(
  'carrier-holiday-insert',
  `INSERT INTO carrier_holiday (id, country, losing_carrier_id, date, closed, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT DO NOTHING RETURNING id`,
);
const remove = sql<{ id: string }>('carrier-holiday-delete', `DELETE FROM carrier_holiday WHERE id = $1 RETURNING id`);
// what one carrier does comes last, and so counts more than what all of them do
const days = sql<{ date: string; closed: boolean }>(
  'carrier-days',
  `SELECT date::text, closed FROM carrier_holiday WHERE country = $1 AND losing_carrier_id IN ('', $2) AND date >= $3 ORDER BY losing_carrier_id`,
);

const DAY_MS = 86_400_000;

/** Days that carriers keep closed though others work, or work though others do not: the operator keeps them, the calendar of ports heeds them. */
@Injectable()
export class CarrierHolidays {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  list(ctx: SystemContext, { limit, cursor, country }: PageQuery & { country?: string | undefined }): Promise<Page<CarrierHoliday>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await tx.query(list, after.createdAt, after.id, limit + 1, country), limit));
  }

  /** @throws AppError carrier_holiday.exists */
  add(ctx: SystemContext, holiday: NewCarrierHoliday): Promise<CarrierHoliday> {
    const { country, losingCarrierId, date, closed, name } = holiday;
    return this.db.tx(ctx, async (tx) => {
      const [id, createdAt] = [newId(), this.clock.now()];
      const added = await tx.query(insert, id, country, losingCarrierId ?? '', date, closed, name, createdAt);
      if (added.length === 0) throw new AppError(portingErrors.holidayExists);
      audit(tx, ctx, 'carrier_holiday.added', id, holiday);
      return { ...holiday, id, createdAt };
    });
  }

  /** @throws AppError resource.not_found */
  remove(ctx: SystemContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      if ((await tx.query(remove, id)).length === 0) throw notFound();
      audit(tx, ctx, 'carrier_holiday.removed', id);
    });
  }

  /** What the calendar heeds beside a country's own days, from yesterday on. @param country null: not known yet, none. @param losingCarrierId null: what all carriers of the country do */
  async daysOf(ctx: Context, country: string | null, losingCarrierId: string | null): Promise<CarrierDays> {
    const yesterday = new Date(this.clock.now().getTime() - DAY_MS).toISOString().slice(0, 10);
    const rows = await this.db.ask(ctx, days, country, losingCarrierId ?? '', yesterday);
    return new Map(rows.map((d) => [d.date, d.closed ? 'closed' : 'open']));
  }
}
