import { Injectable } from '@nestjs/common';
import { Clock, systemContext, tenantContext, toPublicId } from '@trunkline/kernel';
import { Database, Log, Metrics, Sealer, audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { nextAttempt, retryAfterMs } from '../core/retry-schedule.ts';
import { verdictOf } from '../core/verdict.ts';
import type { Attempt } from '../core/verdict.ts';
import { sealOf } from './create-endpoint.ts';
import { PER_ENDPOINT_MAX, callOff, claimDue, recordAttempt, silentSince } from './due-deliveries.sql.ts';
import type { DueDelivery } from './due-deliveries.sql.ts';
import { disableEndpoint } from './endpoints.sql.ts';
import type { DisabledReason } from './endpoints.sql.ts';
import { signatureHeaders } from './webhook-keys.ts';
import type { WebhookKeys } from './webhook-keys.ts';
import { WebhookPost } from './webhook-post.ts';

const IN_FLIGHT_MAX = 32;
/** Longer than an attempt may take: whoever took a delivery and is not heard of by then is dead. */
const LEASE_MS = 60_000;
const claiming = systemContext('webhooks.send');

/** Sends what is due. Attempts overlap; each takes and gives back its delivery in transactions of its own, and none is open while we wait. */
@Injectable()
export class SendWebhooks {
  private readonly inFlight = new Map<string, Promise<void>>(); // by delivery
  private readonly perEndpoint = new Map<string, number>();
  private readonly attempts;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly post: WebhookPost,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.attempts = metrics.counter('webhook_attempts_total', 'Attempts to send a webhook by what became of them', ['verdict']);
  }

  /**
   * Starts as many attempts as there is room for.
   * @param ended called after each: there is room again
   */
  async start(ended: () => void): Promise<number> {
    const room = IN_FLIGHT_MAX - this.inFlight.size;
    if (room === 0) return 0;
    const full = [...this.perEndpoint].filter(([, n]) => n >= PER_ENDPOINT_MAX).map(([id]) => id);
    const now = this.clock.now();
    const due = await this.db.tx(claiming, (tx) => tx.query(claimDue, now, full, room, new Date(now.getTime() + LEASE_MS)));
    for (const delivery of due) this.launch(delivery, ended);
    return due.length;
  }

  /** Sends until nothing is due and nothing under way. */
  async drain(): Promise<void> {
    for (let idle = false; !idle;) {
      const wasIdle = this.inFlight.size === 0;
      const started = await this.start(() => {});
      idle = wasIdle && started === 0;
      if (started === 0 && this.inFlight.size > 0) await Promise.race(this.inFlight.values());
    }
  }

  /** Waits for what is under way. */
  async finish(): Promise<void> {
    await Promise.all(this.inFlight.values());
  }

  private launch(due: DueDelivery, ended: () => void): void {
    const { id, endpointId } = due;
    const count = (by: number) => {
      const n = (this.perEndpoint.get(endpointId) ?? 0) + by;
      if (n === 0) this.perEndpoint.delete(endpointId);
      else this.perEndpoint.set(endpointId, n);
    };
    count(1);
    const attempt = this.attempt(due)
      .catch((err: unknown) =>
        this.log.error({ err, deliveryId: id }, 'webhook attempt not recorded: it is made again when its lease ends'),
      )
      .finally(() => {
        count(-1);
        this.inFlight.delete(id);
        ended();
      });
    this.inFlight.set(id, attempt);
  }

  private async attempt(due: DueDelivery): Promise<void> {
    const ctx = tenantContext(due.tenantId, { type: 'system', id: 'webhooks' }, `webhook:${due.id}`);
    if (!due.enabled) return void (await this.db.tx(ctx, (tx) => callOff(tx, due)));
    const began = this.clock.now();
    const headers = { 'content-type': 'application/json', 'user-agent': 'Trunkline-Webhooks/1.0', ...this.signed(due, began) };
    const result = await this.post.send(due.url, headers, due.body);
    await this.db.tx(ctx, (tx) => this.settle(tx, due, result, began));
  }

  private signed(due: DueDelivery, at: Date): Record<string, string> {
    const open = (sealed: Buffer) => JSON.parse(this.sealer.open(sealed, sealOf(due.endpointId))) as WebhookKeys;
    const overlaps = due.previousKeysUntil !== null && due.previousKeysUntil > at;
    const keys = [due.keysSealed, ...(due.previousKeysSealed && overlaps ? [due.previousKeysSealed] : [])].map(open);
    return signatureHeaders(keys, toPublicId('event', due.messageId), at, due.body);
  }

  private async settle(tx: Tx, due: DueDelivery, attempt: Attempt, began: Date): Promise<void> {
    const verdict = verdictOf(attempt);
    const now = this.clock.now();
    const wait = 'status' in attempt ? retryAfterMs(attempt.retryAfter, now) : 0;
    const next = verdict === 'failed' ? nextAttempt(due.attempts - due.attemptsBefore + 1, now, wait) : undefined;
    if (!(await recordAttempt(tx, due, attempt, verdict, next, began))) return;
    this.attempts.inc({ verdict });
    if (verdict === 'gone') await this.disable(tx, due, 'gone');
    // one message that a receiver cannot swallow is no reason, when others arrived meanwhile
    else if (verdict === 'failed' && !next && (await silentSince(tx, due, due.openedAt))) await this.disable(tx, due, 'failing');
  }

  private async disable(tx: Tx, { tenantId, endpointId }: DueDelivery, reason: DisabledReason): Promise<void> {
    const disabled = await disableEndpoint(tx, tenantId, endpointId, reason, this.clock.now());
    if (!disabled) return;
    const ctx = tenantContext(tenantId, { type: 'system', id: 'webhooks' }, `webhook:${endpointId}`);
    audit(tx, ctx, 'webhook_endpoint.disabled', endpointId, { reason });
    publish(tx, { type: 'webhook_endpoint.disabled', tenantId, data: { webhookEndpointId: endpointId, reason } });
  }
}
