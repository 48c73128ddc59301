import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { PENDING, RegistrationView } from './registration-view.ts';
import type { Registration } from './registration-view.ts';
import { readRegistrars } from './registrar.sql.ts';
import type { Registrar } from './registrar.sql.ts';
import { readTrunk } from './trunks.sql.ts';

export type ShownRegistrar = Registrar & { readonly registration: Registration };

@Injectable()
export class RegistrarQueries {
  constructor(
    private readonly db: Database,
    private readonly view: RegistrationView,
  ) {}

  /** @throws AppError resource.not_found when there is no such trunk, or it is registered nowhere */
  async of(ctx: TenantContext, trunkId: string): Promise<ShownRegistrar> {
    await this.db.read(ctx, (tx) => readTrunk(tx, ctx.tenantId, trunkId));
    const [registrar] = await this.ofTrunks(ctx, [trunkId]);
    if (!registrar) throw notFound();
    return registrar;
  }

  /** Of those of the trunks that have one. */
  async ofTrunks(ctx: TenantContext, trunkIds: readonly string[]): Promise<ShownRegistrar[]> {
    const registrars = await this.db.read(ctx, (tx) => readRegistrars(tx, ctx.tenantId, trunkIds));
    const states = await this.view.of(ctx, registrars.map((r) => r.trunkId)); // prettier-ignore
    return registrars.map((r) => ({ ...r, registration: states.get(r.trunkId) ?? PENDING }));
  }
}
