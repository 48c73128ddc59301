import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound, systemContext, tenantContext, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { BucketStore, Database, audit, platformErrors } from '@trunkline/platform';
import { demandEditable } from '../core/port-guards.ts';
import { lockPort, readOrder } from './ports.sql.ts';
import { byToken, insertShareLink, listShareLinks, lockShareLink, markUsed, revokeShareLink } from './port-share-links.sql.ts';
import type { PortShareLinkRow, ShareAbility } from './port-share-links.sql.ts';

export type NewShareLink = { readonly allows: readonly ShareAbility[]; readonly expiresInHours: number };
/** Who comes with a link, and from where. */
export type Visitor = { readonly requestId: string; readonly sourceAddress: string };
export type OpenedShare = { readonly link: PortShareLinkRow; readonly ctx: TenantContext };

const HOUR_MS = 3_600_000;
const VISITS_PER_SEC = 2;
const TOO_MANY = 'Too many requests with links from this address: wait a second';
const lookup = systemContext('port share link');
// 256 random bits: being random, a plain SHA-256 keeps them unreadable
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Links that let somebody without an account show or sign what one order needs, for a while. Only their hash is kept. */
@Injectable()
export class SharePortOrder {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly buckets: BucketStore,
  ) {}

  /** @returns the link with its token, which is told this once. @throws AppError resource.not_found, port_order.command_refused */
  create(ctx: TenantContext, orderId: string, input: NewShareLink): Promise<PortShareLinkRow & { readonly token: string }> {
    return this.db.tx(ctx, async (tx) => {
      demandEditable((await lockPort(tx, ctx.tenantId, orderId)).standing);
      const createdAt = this.clock.now();
      const token = randomBytes(32).toString('base64url');
      const link: PortShareLinkRow = {
        tenantId: ctx.tenantId,
        id: newId(),
        orderId,
        allows: [...new Set(input.allows)],
        expiresAt: new Date(createdAt.getTime() + input.expiresInHours * HOUR_MS),
        revokedAt: null,
        usedAt: null,
        createdBy: ctx.actor.id,
        createdAt,
      };
      await insertShareLink(tx, link, hashOf(token));
      audit(tx, ctx, 'port_share_link.created', link.id, { portOrderId: orderId, allows: link.allows, expiresAt: link.expiresAt });
      return { ...link, token };
    });
  }

  /** @throws AppError resource.not_found */
  list(ctx: TenantContext, orderId: string): Promise<readonly PortShareLinkRow[]> {
    return this.db.read(ctx, async (tx) => {
      await readOrder(tx, ctx.tenantId, orderId);
      return listShareLinks(tx, ctx.tenantId, orderId);
    });
  }

  /** At once, and for good. @throws AppError resource.not_found */
  revoke(ctx: TenantContext, id: string): Promise<PortShareLinkRow> {
    return this.db.tx(ctx, async (tx) => {
      const link = await lockShareLink(tx, ctx.tenantId, id);
      if (!link) throw notFound();
      if (link.revokedAt !== null) return link;
      const now = this.clock.now();
      await revokeShareLink(tx, ctx.tenantId, id, now);
      audit(tx, ctx, 'port_share_link.revoked', id, { portOrderId: link.orderId });
      return { ...link, revokedAt: now };
    });
  }

  /**
   * What a link opens. Unknown, expired, revoked, or not for this: one answer, so that nothing is learnt by trying.
   * @throws AppError resource.not_found, request.rate_limited
   */
  async open(token: string, { requestId, sourceAddress }: Visitor, ability?: ShareAbility): Promise<OpenedShare> {
    await this.demandPatience(sourceAddress);
    const [link] = await this.db.ask(lookup, byToken, hashOf(token));
    const now = this.clock.now();
    const isOpen = link && link.revokedAt === null && link.expiresAt > now && (ability === undefined || link.allows.includes(ability));
    if (!isOpen) throw notFound();
    const actor = { type: 'system', id: toPublicId('portShareLink', link.id) } as const;
    const ctx = { ...tenantContext(link.tenantId, actor, requestId), sourceAddress };
    await this.db.tx(ctx, (tx) => markUsed(tx, link.tenantId, link.id, now));
    return { link, ctx };
  }

  private async demandPatience(address: string): Promise<void> {
    const [grant] = await this.buckets.lease([{ id: `port-share:${address}`, perSec: VISITS_PER_SEC, tokens: 1 }]);
    if (grant?.granted === 0) throw new AppError(platformErrors.rateLimited, TOO_MANY);
  }
}
