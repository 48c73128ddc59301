import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { platformErrors } from '../http/errors.ts';
import type { Principal } from '../http/principal.ts';
import { toProblem } from '../http/problem.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { BURST_SECS, BucketStore } from './bucket-store.ts';
import type { Bucket } from './bucket-store.ts';
import { RefusalPace } from './refusal-pace.ts';
import { TokenLeases } from './token-leases.ts';
import type { Verdict } from './token-leases.ts';

/** Requests a second: of a tenant's keys together, unless the operator set another number for it, and of one operator's key. */
export type RateLimits = { readonly tenantPerSec: number; readonly operatorKeyPerSec: number };
export const RATE_LIMITS = Symbol('RateLimits');

/** One key may use half of what its tenant has, so a client that runs away leaves room for the others. */
const shareOfKey = (perSec: number): number => Math.ceil(perSec / 2);

const REFUSALS_MAX = 10_000;

/** A refused credential, until when it needs no look, and when its next refusal is answered. */
type Refusal = { readonly untilMs: number; readonly verdict: Verdict; readonly pace: RefusalPace };

/** Admits each request of a key by the buckets of the key and of its tenant, and says so in the RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10). */
@Injectable()
export class RateLimit {
  private readonly leases: TokenLeases;
  private readonly refusalsTotal;
  private readonly refusals = new Map<string, Refusal>();

  constructor(
    store: BucketStore,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
    metrics: Metrics,
  ) {
    this.refusalsTotal = metrics.counter('rate_limit_refusals_total', 'Requests refused because their key or tenant made too many');
    this.leases = new TokenLeases(store, () => performance.now());
  }

  /** @throws AppError request.rate_limited */
  async admit(principal: Principal, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const verdict = await this.leases.take(this.bucketsOf(principal));
    tell(reply, verdict);
    if (verdict.waitMs === 0) return;
    this.refusalsTotal.inc();
    if (request.headers.authorization !== undefined) this.remember(credentialOf(request), verdict); // a session is a cookie among others: it is looked up
    throw refused(verdict);
  }

  /** Refuses what was just refused before its body is read and its key looked up, and no faster than its pace: then a flood costs little. */
  refuseEarly(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const refusal =
        this.refusals.size > 0 && request.headers.authorization !== undefined ? this.refusals.get(credentialOf(request)) : undefined;
      if (!refusal || refusal.untilMs <= performance.now()) return done();
      const verdict = { ...refusal.verdict, waitMs: refusal.untilMs - performance.now() };
      tell(reply, verdict);
      void reply.header('x-request-id', request.id).type('application/problem+json');
      this.refusalsTotal.inc();
      // past the rest of the framework, which would cost more than the refusal
      reply.hijack();
      const answer = () =>
        reply.raw.writeHead(429, reply.getHeaders() as OutgoingHttpHeaders).end(JSON.stringify(toProblem(refused(verdict), request.id)));
      const heldMs = refusal.pace.take(performance.now());
      if (heldMs === 0) answer();
      else setTimeout(answer, heldMs);
    });
  }

  private bucketsOf(principal: Principal): readonly Bucket[] {
    const { actor } = principal;
    if (principal.kind !== 'tenant') return [{ id: `key:${actor.id}`, perSec: this.limits.operatorKeyPerSec }];
    const perSec = principal.requestsPerSecMax ?? this.limits.tenantPerSec;
    return [
      { id: `key:${actor.id}`, perSec: shareOfKey(perSec) },
      { id: `tenant:${principal.tenantId}`, perSec },
    ];
  }

  private remember(credential: string, verdict: Verdict): void {
    const now = performance.now();
    if (this.refusals.size >= REFUSALS_MAX) for (const [key, { untilMs }] of this.refusals) if (untilMs <= now) this.refusals.delete(key);
    const pace = this.refusals.get(credential)?.pace ?? new RefusalPace();
    this.refusals.set(credential, { untilMs: now + verdict.waitMs, verdict, pace });
  }
}

// a digest: what lies in memory need not be the key
const credentialOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(request.headers.authorization ?? '')
    .digest('base64');

const waitSecs = (verdict: Verdict): number => Math.ceil(verdict.waitMs / 1000);

const refused = (verdict: Verdict): AppError => new AppError(platformErrors.rateLimited, `Try again in ${waitSecs(verdict)} s`);

const tell = (reply: FastifyReply, verdict: Verdict): void => {
  const secs = waitSecs(verdict);
  let policies = '';
  let states = '';
  for (const { bucket, remaining } of verdict.standings) {
    const burst = bucket.perSec * BURST_SECS;
    const name = bucket.id.slice(0, bucket.id.indexOf(':'));
    const comma = policies === '' ? '' : ', ';
    policies += `${comma}"${name}";q=${burst};w=${BURST_SECS}`;
    states += `${comma}"${name}";r=${remaining};t=${Math.max(secs, Math.ceil((burst - remaining) / bucket.perSec))}`;
  }
  void reply.header('ratelimit-policy', policies).header('ratelimit', states);
  if (secs > 0) void reply.header('retry-after', secs);
};
