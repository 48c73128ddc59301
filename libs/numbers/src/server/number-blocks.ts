import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { E164, Page, SystemContext } from '@trunkline/kernel';
import { Database, country, pageQuery, sql } from '@trunkline/platform';
import { z } from 'zod';
import { decodeE164Cursor, encodeE164Cursor } from '../core/e164-cursor.ts';

export type NumberBlock = {
  readonly prefix: string;
  readonly country: string;
  readonly areaCode: string;
  readonly numbers: number;
  readonly available: number;
  readonly runMax: number;
};

export const blockQuery = z.strictObject({ ...pageQuery, country: country().optional() });
export const blockOut = z
  .strictObject({
    object: z.literal('number_block'),
    prefix: z.string().describe('What its numbers have in common: all but the last three digits'),
    country: z.string(),
    area_code: z.string(),
    numbers: z.int().describe('Of the thousand, how many the platform has'),
    available: z.int().describe('And how many of those can be ordered'),
    longest_run: z.int().describe('The longest row of its numbers without a gap'),
  })
  .meta({ id: 'NumberBlock' });

export const blockToWire = (b: NumberBlock): z.infer<typeof blockOut> => ({
  object: 'number_block',
  prefix: b.prefix,
  country: b.country,
  area_code: b.areaCode,
  numbers: b.numbers,
  available: b.available,
  longest_run: b.runMax,
});

const list = sql<NumberBlock>(
  'number-block-list',
  `SELECT prefix, country, area_code AS "areaCode", numbers, run_max AS "runMax", (SELECT count(*)::int FROM number_inventory i
     WHERE i.e164 ~>=~ b.prefix AND i.e164 ~<~ (b.prefix || ':') AND length(i.e164) = length(b.prefix) + 3
       AND (i.state = 'available' OR (i.state IN ('quarantined', 'reserved') AND coalesce(i.quarantined_until, i.reserved_until) <= $3))) AS available
   FROM number_block b WHERE prefix ~>~ $1 AND ($2::text IS NULL OR country = $2) ORDER BY prefix USING ~<~ LIMIT $4`,
);

const BLOCK_END = '000'; // a prefix and this is a number, which cursors are made of

@Injectable()
export class NumberBlockQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  list(ctx: SystemContext, query: z.infer<typeof blockQuery>): Promise<Page<NumberBlock>> {
    const after = query.cursor === undefined ? '' : decodeE164Cursor(query.cursor).slice(0, -BLOCK_END.length);
    return this.db.read(ctx, async (tx) => {
      const rows = await tx.query(list, after, query.country, this.clock.now(), query.limit + 1);
      const data = rows.slice(0, query.limit);
      const last = data.at(-1);
      return { data, nextCursor: rows.length > query.limit && last ? encodeE164Cursor(`${last.prefix}${BLOCK_END}` as E164) : null };
    });
  }
}
