import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { CredentialOwner } from './credential-owner.ts';
import { readTrunk } from './trunks.sql.ts';

export type Credential = {
  readonly id: string;
  readonly trunkId: string | null; //          whose it is: a trunk's, or a list's
  readonly credentialListId: string | null;
  readonly username: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly oldValidUntil: Date | null; // until when the password before the present one is valid, too
};

const select = {
  id: true,
  trunkId: true,
  credentialListId: true,
  username: true,
  createdAt: true,
  revokedAt: true,
  oldValidUntil: true,
} as const;

@Injectable()
export class CredentialQueries {
  constructor(private readonly db: Database) {}

  /** All of a trunk's credentials, revoked ones too, newest first. @throws AppError resource.not_found */
  ofTrunk(ctx: TenantContext, trunkId: string): Promise<Credential[]> {
    return this.db.read(ctx, async (tx) => {
      await readTrunk(tx, ctx.tenantId, trunkId);
      return await tx.prisma.trunkCredential.findMany({
        where: { tenantId: ctx.tenantId, trunkId },
        select,
        orderBy: { createdAt: 'desc' },
      });
    });
  }

  /** All credentials of these trunks, the newest first. */
  ofTrunks(ctx: TenantContext, trunkIds: readonly string[]): Promise<Credential[]> {
    return this.db.read(ctx, ({ prisma }) =>
      prisma.trunkCredential.findMany({
        where: { tenantId: ctx.tenantId, trunkId: { in: [...trunkIds] } },
        select,
        orderBy: { createdAt: 'desc' },
      }),
    );
  }

  /** All credentials of these lists, revoked ones too, the newest first. */
  ofLists(ctx: TenantContext, listIds: readonly string[]): Promise<Credential[]> {
    return this.db.read(ctx, ({ prisma }) =>
      prisma.trunkCredential.findMany({
        where: { tenantId: ctx.tenantId, credentialListId: { in: [...listIds] } },
        select,
        orderBy: { createdAt: 'desc' },
      }),
    );
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, owner: CredentialOwner, id: string): Promise<Credential> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = await prisma.trunkCredential.findFirst({ where: { tenantId: ctx.tenantId, ...owner, id }, select });
      if (!row) throw notFound();
      return row;
    });
  }
}
