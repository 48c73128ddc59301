import { Inject, Injectable } from '@nestjs/common';
import { Clock, invalidField } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, changed, publish } from '@trunkline/platform';
import { faultOfUrl } from '@trunkline/webhooks/server';
import { grantorOf, refuseGrant } from './grantor.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { deleteConnection, findConnection, saveConnection, sealOfSso, takeSsoTurn } from './sso.sql.ts';
import type { SsoConnection, SsoSettings } from './sso.sql.ts';

/** Which identity provider signs a tenant's people in, and what becomes of them. */
@Injectable()
export class SetSsoConnection {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {}

  /** @param clientSecret left out: the one there is stays. @throws AppError request.invalid, member.role_not_yours */
  execute(ctx: TenantContext, settings: SsoSettings, clientSecret: string | undefined): Promise<SsoConnection> {
    this.refuseBadIssuer(settings.issuer);
    const { tenantId } = ctx;
    return this.db.tx(ctx, async (tx) => {
      const grantor = await grantorOf(this.db, tx, ctx);
      for (const [value, role] of Object.entries(settings.roleMapping)) refuseGrant(grantor, role, `/role_mapping/${value}`);
      if (settings.defaultRole !== null) refuseGrant(grantor, settings.defaultRole, '/default_role');
      await takeSsoTurn(tx, tenantId); // a secret that is kept must be the one that another has just set
      const [before] = await tx.query(findConnection, tenantId);
      const sealed = clientSecret === undefined ? before?.clientSecretSealed : this.sealer.seal(clientSecret, sealOfSso(tenantId));
      if (!sealed) throw invalidField('/client_secret', 'required', 'The first time, the client secret is needed');
      // a secret is one provider's: another must not be sent it
      if (before && before.issuer !== settings.issuer && clientSecret === undefined)
        throw invalidField('/client_secret', 'required', 'Another issuer needs its own client secret');
      const { issuer, clientId, allowedDomains, roleClaim, roleMapping, defaultRole, enabled } = settings;
      const mapping = JSON.stringify(roleMapping);
      await tx.query(
        saveConnection,
        tenantId,
        issuer,
        clientId,
        sealed,
        allowedDomains,
        roleClaim,
        mapping,
        defaultRole,
        enabled,
        this.clock.now(),
      );
      const was: Partial<SsoSettings> = before ?? {};
      audit(tx, ctx, 'sso_connection.changed', tenantId, {
        ...changed(was, settings, Object.keys(settings)),
        hasNewSecret: clientSecret !== undefined,
      });
      publish(tx, { type: 'sso_connection.changed', tenantId, data: {} });
      const [saved] = await tx.query(findConnection, tenantId);
      if (!saved) throw new Error('a connection was not stored');
      return saved;
    });
  }

  /** Sessions that it opened are over. Removing what is not there changes nothing. */
  remove(ctx: TenantContext): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await takeSsoTurn(tx, ctx.tenantId);
      if ((await tx.query(deleteConnection, ctx.tenantId)).length === 0) return;
      audit(tx, ctx, 'sso_connection.removed', ctx.tenantId);
      publish(tx, { type: 'sso_connection.changed', tenantId: ctx.tenantId, data: {} });
    });
  }

  find(ctx: TenantContext): Promise<SsoConnection | undefined> {
    return this.db.read(ctx, async (tx) => (await tx.query(findConnection, ctx.tenantId))[0]);
  }

  private refuseBadIssuer(issuer: string): void {
    const fault = faultOfUrl(issuer, this.config.allowPrivateSso);
    if (fault) throw invalidField('/issuer', 'refused', `The issuer ${fault}`);
    // a discovery document named by itself would be believed whatever issuer it says
    if (issuer.includes('/.well-known/') || new URL(issuer).search !== '')
      throw invalidField('/issuer', 'refused', 'The issuer is the URL that tokens name, not that of its discovery document');
  }
}
