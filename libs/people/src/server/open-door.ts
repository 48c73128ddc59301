import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, fromPublicId, notFound, systemContext } from '@trunkline/kernel';
import type { Actor } from '@trunkline/kernel';
import { Database, OPERATOR_PERMISSIONS, PLATFORM_TENANT_ID, SCOPES, SessionDoor, platformErrors } from '@trunkline/platform';
import type { Principal } from '@trunkline/platform';
import type { FastifyRequest } from 'fastify';
import { permissionsOfRole, scopesOfRole } from '../core/roles.ts';
import type { OperatorRole, TenantRole } from '../core/roles.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { hashToken } from './secret-token.ts';
import { sessionTokenIn } from './session-cookie.ts';
import { IDLE_MS, openSession, pathOf, touchSession } from './sessions.sql.ts';
import type { OpenSession, Place } from './sessions.sql.ts';

const context = systemContext('authenticate');
/** Named by a header that is no id. */
const NOBODY = '';
const TOUCH_MS = 300_000;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets a person in by the cookie of their session, as whom the request acts for makes of them. */
@Injectable()
export class OpenDoor extends SessionDoor {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {
    super();
  }

  async authenticate(request: Pick<FastifyRequest, 'method' | 'headers'>): Promise<Principal | undefined> {
    const token = sessionTokenIn(request.headers.cookie, this.config.publicUrl);
    if (token === undefined) return undefined;
    this.refuseOtherSites(request);
    const now = this.clock.now();
    const [session] = await this.db.ask(context, openSession, hashToken(token), now, new Date(now.getTime() - IDLE_MS));
    if (!session) return undefined;
    if (now.getTime() - session.lastSeenAt.getTime() > TOUCH_MS) await this.db.tx(context, (tx) => tx.query(touchSession, session.id, now));
    const header = request.headers['trunkline-tenant'];
    const tenantId = typeof header === 'string' ? (fromPublicId('tenant', header) ?? NOBODY) : undefined;
    return principalOf(session, tenantId, await this.pathTo(tenantId, session));
  }

  /** The tenants from the root down to the one named, where a place above may lead there. What an identity provider says counts for its tenant alone. */
  private async pathTo(tenantId: string | undefined, { places, boundTenantId }: OpenSession): Promise<readonly string[]> {
    if (!tenantId || boundTenantId !== null || places.some((place) => [tenantId, PLATFORM_TENANT_ID].includes(place.tenantId))) return [];
    return (await this.db.ask(context, pathOf, tenantId))[0]?.path ?? [];
  }

  // SameSite holds cookies back from other sites; a page of another host of this site, or a browser without it, is stopped here
  private refuseOtherSites({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): void {
    if (SAFE.has(method)) return;
    const isOwn = headers.origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : headers.origin === new URL(this.config.publicUrl).origin; // prettier-ignore
    if (!isOwn) throw new AppError(platformErrors.crossSite);
  }
}

/** Who acts: in the place that the request names, in the nearest one above it, as staff, or in the only place there is. */
const principalOf = (session: OpenSession, tenantId: string | undefined, path: readonly string[]): Principal => {
  const { id: sessionId, personId, boundTenantId, places } = session;
  const actor: Actor = { type: 'person', id: personId };
  const who = { actor, loggedIn: { personId, sessionId, boundTenantId } };
  const staff = places.find((place) => place.tenantId === PLATFORM_TENANT_ID);
  const members = places.filter((place) => place !== staff);
  const named = members.find((place) => place.tenantId === tenantId) ?? nearestAbove(members, path);
  const place = tenantId !== undefined ? named : staff ? undefined : onlyOne(members);
  if (place) {
    const { tenantId: placeId, role, requestsPerSecMax } = place;
    return { ...who, kind: 'tenant', tenantId: placeId, scopes: scopesOfRole(role as TenantRole, SCOPES), requestsPerSecMax };
  }
  if (staff)
    return { ...who, kind: 'operator', permissions: permissionsOfRole(staff.role as OperatorRole, [...OPERATOR_PERMISSIONS, ...SCOPES]) };
  if (tenantId !== undefined) throw notFound();
  return { ...who, kind: 'person' };
};

/** The guard then asks for `tenants:read`, as it does of keys. */
const nearestAbove = (members: readonly Place[], path: readonly string[]): Place | undefined =>
  path.flatMap((id) => members.filter(({ tenantId }) => tenantId === id)).at(-1);
const onlyOne = (members: readonly Place[]): Place | undefined => (members.length === 1 ? members[0] : undefined);
