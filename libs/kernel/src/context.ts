/** Who acts: an API key of a tenant, an operator's key, a person who is logged in, or a process of ours. */
export type Actor = { readonly type: 'api_key' | 'operator' | 'person' | 'system'; readonly id: string };

/** The one effective tenant a request acts as. First argument of every use case; the database door enforces it. */
export type TenantContext = {
  readonly kind: 'tenant';
  readonly tenantId: string; // uuid
  readonly actor: Actor;
  readonly requestId: string;
  /** Where the request came from; absent for a process of ours. */
  readonly sourceAddress?: string;
  /** The revisions that the request is meant for (If-Match); absent: whichever it is. */
  readonly expectedRevisions?: readonly number[];
};

/** Work across tenants: an operator's request or a job. Another type and another database role, so it cannot happen by accident. */
export type SystemContext = {
  readonly kind: 'system';
  readonly reason: string;
  readonly actor: Actor;
  readonly requestId: string;
  /** Where the request came from; absent for a process of ours. */
  readonly sourceAddress?: string;
  /** The revisions that the request is meant for (If-Match); absent: whichever it is. */
  readonly expectedRevisions?: readonly number[];
};

/** Work on the tenants below one tenant: a reseller's request. Another database role, under policies of its own; what it reads is audited. */
export type SubtreeContext = {
  readonly kind: 'subtree';
  readonly tenantId: string; // uuid of the root
  readonly reason: string;
  readonly actor: Actor;
  readonly requestId: string;
  readonly sourceAddress?: string;
  readonly expectedRevisions?: readonly number[];
};

/** Tenants from above: all of them, or those below one. */
export type AboveContext = SystemContext | SubtreeContext;

export type Context = TenantContext | AboveContext;

export const systemContext = (reason: string, requestId = `job:${reason}`): SystemContext => ({
  kind: 'system',
  reason,
  actor: { type: 'system', id: reason },
  requestId,
});

/** A process of ours acting for one tenant, e.g. a job that closes its month. */
export const tenantContext = (tenantId: string, actor: Actor, requestId: string): TenantContext => ({
  kind: 'tenant',
  tenantId,
  actor,
  requestId,
});
