import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { Carrier, CarrierRoute } from '../core/gateway.ts';

const gateways = { orderBy: { createdAt: 'asc' } } as const;
const newestFirst: { createdAt?: 'desc'; id?: 'desc' }[] = [{ createdAt: 'desc' }, { id: 'desc' }];

const behind = (cursor: string | undefined) => {
  if (cursor === undefined) return {};
  const after = decodeCursor(cursor);
  return { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] };
};

@Injectable()
export class CarrierQueries {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  byId(ctx: SystemContext, id: string): Promise<Carrier> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = await prisma.carrier.findUnique({ where: { id }, include: { gateways } });
      if (!row) throw notFound();
      return row;
    });
  }

  list(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<Carrier>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const rows = await prisma.carrier.findMany({ where: behind(cursor), include: { gateways }, orderBy: newestFirst, take: limit + 1 });
      return pageOf(rows, limit);
    });
  }

  routes(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<CarrierRoute>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const rows = await prisma.carrierRoute.findMany({ where: behind(cursor), orderBy: newestFirst, take: limit + 1 });
      return pageOf(rows as CarrierRoute[], limit); // a check of the table keeps kind, prefix and country together
    });
  }
}
