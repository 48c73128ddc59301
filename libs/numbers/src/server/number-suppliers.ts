import { Inject, Injectable } from '@nestjs/common';
import { CARRIER_SUPPLIERS } from '@trunkline/carriers/server';
import type { NumberSearch, NumberSupplier } from '@trunkline/carriers/server';
import { AppError } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { NO_CELLS, readNumberRow } from '../core/number-row.ts';
import type { FoundNumber } from '../core/number-order.ts';
import { InventorySupplier } from './inventory-supplier.ts';

/** What a search over several suppliers gave. */
export type Offers = {
  readonly found: readonly FoundNumber[]; // those of the inventory first
  readonly late: readonly string[]; // suppliers that gave no answer in time
};

/** Everybody whom numbers can be had from: our inventory, then the carriers. */
@Injectable()
export class NumberSuppliers {
  private readonly all: readonly NumberSupplier[];

  constructor(
    inventory: InventorySupplier,
    @Inject(CARRIER_SUPPLIERS) private readonly carriers: readonly NumberSupplier[],
  ) {
    this.all = [inventory, ...carriers];
  }

  /** Whether there is anybody to ask for what the inventory does not have. */
  hasCarriers(): boolean {
    return this.carriers.length > 0;
  }

  /** Whom a carrier of ours takes orders and returns by. */
  ofCarrier(carrier: string): NumberSupplier | undefined {
    return this.carriers.find(({ name }) => name === carrier.toLowerCase());
  }

  byName(name: string): NumberSupplier | undefined {
    return this.all.find((supplier) => supplier.name === name);
  }

  /** Asks all of them at once. A number that several offer is the first one's; one that makes no sense is nobody's. */
  async search(ctx: TenantContext, query: NumberSearch, deadlineMs: number): Promise<Offers> {
    const signal = AbortSignal.timeout(deadlineMs);
    const answers = await Promise.all(this.all.map((supplier) => offersOf(supplier, ctx, query, signal)));
    const byNumber = new Map<string, FoundNumber>();
    for (const found of answers.flatMap((answer) => answer ?? [])) if (!byNumber.has(found.e164)) byNumber.set(found.e164, found);
    return { found: [...byNumber.values()], late: this.all.flatMap(({ name }, i) => (answers[i] ? [] : [name])) };
  }
}

const offersOf = async (
  supplier: NumberSupplier,
  ctx: TenantContext,
  query: NumberSearch,
  signal: AbortSignal,
): Promise<FoundNumber[] | undefined> => {
  try {
    return (await supplier.search(ctx, query, signal)).flatMap(({ e164, country, areaCode, locality, rateCenter, lata, type }) => {
      const rating = e164.startsWith('+1') ? { rate_center: rateCenter ?? '', lata: lata ?? '' } : {};
      const cells = { ...NO_CELLS, number: e164, country, area_code: areaCode ?? '', locality: locality ?? '', ...rating, type };
      const { number } = readNumberRow(cells, new Set());
      return number ? [{ ...number, supplier: supplier.name }] : [];
    });
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unavailable') return undefined;
    throw error;
  }
};
