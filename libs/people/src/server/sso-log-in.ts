import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound, tenantContext } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Sealer, audit, changed, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { canonicalEmail, domainOf } from '../core/email.ts';
import { peopleErrors } from '../core/errors.ts';
import { mappedRole } from '../core/role-mapping.ts';
import type { SsoRole } from '../core/role-mapping.ts';
import { contextOfCaller } from './caller.ts';
import type { Caller } from './caller.ts';
import { IdentityProvider } from './identity-provider.ts';
import type { Claims, SsoChecks } from './identity-provider.ts';
import { addMember, updateMember } from './members.sql.ts';
import { startSession } from './sessions.sql.ts';
import { findConnection, findIdentity, insertSsoPerson, linkIdentity, lockMemberOfPerson, takeSsoTurn } from './sso.sql.ts';
import type { SsoConnection } from './sso.sql.ts';

const AWAY_MS = 600_000;
const SEAL = 'sso-away';
type Away = SsoChecks & { readonly tenantId: string; readonly until: number };
type Arrival = { readonly subject: string; readonly email: string; readonly name: string; readonly role: SsoRole };

/**
 * Logging in at a tenant's identity provider. What it says counts for that tenant alone: the session is bound to it, and a person whom it names is
 * the member who has the address there, or one made for this tenant; never an account of elsewhere, and never an owner.
 */
@Injectable()
export class SsoLogIn {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly provider: IdentityProvider,
  ) {}

  /** @returns where to send the browser, and what it keeps meanwhile. @throws AppError resource.not_found, sso.provider_unavailable */
  async start(tenantId: string, caller: Caller): Promise<{ readonly url: string; readonly away: string }> {
    const connection = await this.connectionOf(tenantId, contextOfCaller(caller, 'single sign-on'));
    const { url, checks } = await this.provider.start(tenantId, connection);
    const away: Away = { ...checks, tenantId, until: this.clock.now().getTime() + AWAY_MS };
    return { url, away: this.sealer.seal(JSON.stringify(away), SEAL).toString('base64url') };
  }

  /** @throws AppError sso.refused, sso.no_place, sso.provider_unavailable, resource.not_found */
  async finish(query: string, kept: string | undefined, caller: Caller): Promise<{ readonly token: string }> {
    const away = this.open(kept);
    const { tenantId } = away;
    const ctx = contextOfCaller(caller, 'single sign-on');
    const connection = await this.connectionOf(tenantId, ctx);
    const claims = await this.provider.finish(tenantId, connection, query, away);
    const arrival = arrivalOf(claims, connection);
    return this.db.tx(ctx, async (tx) => {
      await takeSsoTurn(tx, tenantId);
      refuseAnother(connection, (await tx.query(findConnection, tenantId))[0]);
      const personId = await this.personOf(tx, tenantId, connection, arrival);
      await this.place(tx, ctx, tenantId, personId, arrival.role);
      const { session, token } = await startSession(tx, personId, tenantId, caller, this.clock.now());
      const there = tenantContext(tenantId, { type: 'person', id: personId }, caller.requestId);
      audit(tx, { ...there, sourceAddress: caller.sourceAddress }, 'person_session.started', session.id, { by: 'sso' });
      return { token };
    });
  }

  private async connectionOf(tenantId: string, ctx: SystemContext): Promise<SsoConnection> {
    const [connection] = await this.db.ask(ctx, findConnection, tenantId);
    if (!connection?.enabled) throw notFound();
    return connection;
  }

  private open(kept: string | undefined): Away {
    const refused = new AppError(peopleErrors.ssoRefused, 'This browser did not set out for an identity provider in the last ten minutes');
    let away: Away;
    try {
      away = JSON.parse(this.sealer.open(Buffer.from(kept ?? '', 'base64url'), SEAL)) as Away;
    } catch {
      throw refused;
    }
    if (away.until < this.clock.now().getTime()) throw refused;
    return away;
  }

  private async personOf(tx: Tx, tenantId: string, { issuer }: SsoConnection, { subject, email, name }: Arrival): Promise<string> {
    const now = this.clock.now();
    const [known] = await tx.query(findIdentity, tenantId, issuer, subject, email);
    if (known?.isLinked) return known.personId;
    const personId = known?.personId ?? (await tx.query(insertSsoPerson, newId(), email, name, tenantId, now))[0]?.id;
    if (personId === undefined) throw new Error('a person was not stored');
    await tx.query(linkIdentity, tenantId, issuer, subject, personId, now);
    return personId;
  }

  /** The role is the provider's to say, at each log-in anew. */
  private async place(tx: Tx, ctx: SystemContext, tenantId: string, personId: string, role: SsoRole): Promise<void> {
    const now = this.clock.now();
    const [member] = await tx.query(lockMemberOfPerson, tenantId, personId);
    if (!member) return void (await addMember(tx, ctx, tenantId, personId, role, now));
    if (member.role === 'owner') throw new AppError(peopleErrors.ssoNoPlace, 'Owners log in with their password');
    if (member.disabledAt) throw new AppError(peopleErrors.ssoNoPlace, 'The member may not act for now');
    if (member.role === role) return;
    await tx.query(updateMember, tenantId, member.id, role, null, now);
    const there = tenantContext(tenantId, { type: 'person', id: personId }, ctx.requestId);
    audit(tx, there, 'member.updated', member.id, { ...changed(member, { ...member, role }), by: 'sso' });
    publish(tx, { type: 'member.updated', tenantId, data: { memberId: member.id, role } });
  }
}

/** The word of a provider that was exchanged while it was asked counts no more. */
const refuseAnother = (asked: SsoConnection, now: SsoConnection | undefined): void => {
  if (!now?.enabled || now.issuer !== asked.issuer || now.clientId !== asked.clientId)
    throw new AppError(peopleErrors.ssoRefused, 'The tenant has another identity provider by now, or none');
};

/** Who arrives, if the tenant wants them. */
const arrivalOf = (claims: Claims, connection: SsoConnection): Arrival => {
  const email = typeof claims['email'] === 'string' ? canonicalEmail(claims['email']) : undefined;
  if (email === undefined || claims['email_verified'] === false)
    throw new AppError(peopleErrors.ssoRefused, 'The identity provider names no e-mail address that it has verified');
  if (!connection.allowedDomains.includes(domainOf(email)))
    throw new AppError(peopleErrors.ssoNoPlace, `Addresses at ${domainOf(email)} are not admitted`);
  const role = mappedRole(connection.roleMapping, connection.defaultRole, claims[connection.roleClaim]);
  if (role === null) throw new AppError(peopleErrors.ssoNoPlace, 'Nothing that the identity provider says gives a role');
  const name = typeof claims['name'] === 'string' ? claims['name'].replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 120) : '';
  return { subject: claims.sub, email, name: name || email, role };
};
