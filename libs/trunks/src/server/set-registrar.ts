import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hostOf } from '@trunkline/edge-core';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, markDirty, publish } from '@trunkline/platform';
import { ha1Input } from '../core/digest.ts';
import { putRegistrar, registrarContext } from './registrar.sql.ts';
import { lockTrunk } from './trunks.sql.ts';

/** `realm` null: the registrar's own host. */
export type RegistrarSettings = {
  readonly uri: string;
  readonly username: string;
  readonly password: string;
  readonly realm: string | null;
  readonly expiresSecs: number;
};

/** Has the tenant's home edge register a trunk at a PBX or a carrier, with a digest user that was made there. */
@Injectable()
export class SetRegistrar {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  /** @throws AppError resource.not_found */
  execute(ctx: TenantContext, trunkId: string, { password, realm: named, ...settings }: RegistrarSettings): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockTrunk(tx, ctx.tenantId, trunkId);
      const realm = named ?? hostOf(settings.uri);
      const ha1 = createHash('md5')
        .update(ha1Input(settings.username, realm, password))
        .digest('hex');
      const sealed = this.sealer.seal(ha1, registrarContext(trunkId));
      await putRegistrar(tx, ctx.tenantId, { ...settings, trunkId, realm, updatedAt: this.clock.now() }, sealed);
      markDirty(tx, 'trunk', [trunkId]);
      audit(tx, ctx, 'registrar.set', trunkId, { uri: settings.uri, username: settings.username, realm });
      publish(tx, { type: 'registrar.set', tenantId: ctx.tenantId, data: { trunkId } });
    });
  }
}
