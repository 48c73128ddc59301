import { gzipSync } from 'node:zlib';
import type { AgentMessage } from '@trunkline/edge-core';
import type { CdrSpool } from './cdr-spool.ts';
import { log, reasonOf } from './log.ts';

const BATCH_LINES = 500;
const POLL_MS = 100;
const RESEND_AFTER_MS = 5_000;

/**
 * Sends what is in the spool, one batch at a time, and forgets a batch only when the gateway says it is stored. A batch in doubt is sent
 * again: the receiver tells records apart by their ids.
 */
export class CdrShipper {
  private timer: NodeJS.Timeout | undefined;
  private batch = 0;
  private outstanding: { batch: number; ids: readonly number[]; sentAt: number } | undefined;

  constructor(
    private readonly spool: CdrSpool,
    private readonly send: (message: AgentMessage) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The link is up: whatever was under way before is sent anew. */
  start(): void {
    this.stop();
    this.timer = setInterval(() => this.attempt(() => this.ship()), POLL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.outstanding = undefined;
  }

  stored(batch: number): void {
    this.attempt(() => {
      if (this.outstanding?.batch !== batch) return;
      this.spool.forget(this.outstanding.ids);
      this.outstanding = undefined;
      this.ship();
    });
  }

  /** A spool that cannot be read or written for now (a full disk, a long lock) ends nothing: the batch stays in doubt and is sent again. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      log('error', 'cdr spool', { reason: reasonOf(error) });
      this.outstanding ??= { batch: this.batch, ids: [], sentAt: this.now() };
    }
  }

  private ship(): void {
    if (this.outstanding && this.now() - this.outstanding.sentAt < RESEND_AFTER_MS) return;
    const rows = this.spool.oldest(BATCH_LINES);
    if (rows.length === 0) return;
    const lines = gzipSync(rows.map((r) => `${r.line}\n`).join('')).toString('base64');
    this.outstanding = { batch: ++this.batch, ids: rows.map((r) => r.id), sentAt: this.now() };
    this.send({ type: 'cdrs', batch: this.batch, lines });
  }
}
