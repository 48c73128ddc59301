import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound, toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, isForeignKeyViolation, markDirty, sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { carrierErrors } from '../core/errors.ts';
import type { Gateway } from '../core/gateway.ts';

export type NewGateway = { readonly uri: string; readonly sourceAddresses: readonly string[] };

const holders = sql<{ id: string; sourceAddresses: string[] }>(
  'gateway-address-holders',
  `SELECT id, source_addresses AS "sourceAddresses" FROM carrier_gateway WHERE source_addresses && $1::text[]`,
);
// the table is the trunks', above; the rule that a carrier's address is nobody else's is as much ours
const claimed = sql<{ address: string; trunkId: string }>(
  'gateway-address-claimed',
  `SELECT asked AS address, t.trunk_id AS "trunkId" FROM unnest($1::text[]) asked JOIN trunk_address t ON asked::inet <<= t.network
   WHERE t.released_at IS NULL`,
);
const insert = sql(
  'gateway-insert',
  `INSERT INTO carrier_gateway (id, carrier_id, uri, source_addresses, created_at) VALUES ($1, $2, $3, $4, $5)`,
);

@Injectable()
export class AddGateway {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, gateway.address_taken: a call from an address must name one carrier */
  execute(ctx: SystemContext, carrierId: string, input: NewGateway): Promise<Gateway> {
    return this.db.tx(ctx, async (tx) => {
      // no index can hold the elements of arrays apart: whoever adds a gateway waits for whoever is adding one, or claims an address for a trunk
      await takeTurn(tx, 'carrier_gateway.source_addresses');
      await refuseTaken(tx, input.sourceAddresses);
      const gateway: Gateway = { id: newId(), carrierId, ...input, createdAt: this.clock.now() };
      await tx.query(insert, gateway.id, carrierId, gateway.uri, gateway.sourceAddresses, gateway.createdAt).catch(carrierUnknown);
      markDirty(tx, 'carriers', ['all']);
      audit(tx, ctx, 'gateway.added', gateway.id, { carrierId, ...input });
      return gateway;
    });
  }
}

const refuseTaken = async (tx: Tx, addresses: readonly string[]): Promise<void> => {
  const others = await tx.query(holders, addresses);
  const trunks = await tx.query(claimed, addresses);
  const errors = addresses.flatMap((address, i) => {
    const gateway = others.find((g) => g.sourceAddresses.includes(address));
    const trunk = trunks.find((t) => t.address === address);
    const holder = gateway ? toPublicId('gateway', gateway.id) : trunk && toPublicId('trunk', trunk.trunkId);
    return holder ? [{ pointer: `/source_addresses/${i}`, code: 'taken', detail: `${address} belongs to ${holder}` }] : [];
  });
  if (errors.length > 0) throw new AppError(carrierErrors.addressTaken, errors.map((e) => e.detail).join('; '), { errors });
};

const carrierUnknown = (error: unknown): never => {
  throw isForeignKeyViolation(error, 'carrier_gateway_carrier_id_fkey') ? notFound() : error;
};
