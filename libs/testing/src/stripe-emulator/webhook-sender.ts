import Stripe from 'stripe';
import type { StripeEvent } from './account.ts';
import { randomOf } from './random.ts';

/** How badly webhooks arrive. The same seed gives the same numbers of copies and the same delays. */
export type FaultProfile = {
  readonly seed: number;
  /** Each event is sent 1 to this many times. */
  readonly copiesMax: number;
  readonly delayMaxMs: number;
  /** Copies travel independently of each other, so that the delays change their order. */
  readonly reorder: boolean;
};
export type WebhookSender = { send: (event: StripeEvent) => void; settled: () => Promise<void>; stop: () => void };

const ATTEMPTS_MAX = 12;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 20_000;
const TIMEOUT_MS = 10_000;
const NO_FAULTS: FaultProfile = { seed: 0, copiesMax: 1, delayMaxMs: 0, reorder: false };

const post = async (url: string, secret: string, payload: string, signal: AbortSignal): Promise<boolean> => {
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
  try {
    const reply = await fetch(url, {
      method: 'POST',
      headers,
      body: payload,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await reply.arrayBuffer();
    return reply.ok;
  } catch {
    return false;
  }
};

/** Sends events to `url`, signed, and again with growing pauses while the answer is not 2xx. */
export const webhookSender = (url: string, secret: string, faults: FaultProfile = NO_FAULTS): WebhookSender => {
  const random = randomOf(faults.seed);
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();
  let last = Promise.resolve();

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      stopped.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  const track = (work: Promise<void>): Promise<void> => {
    running.add(work);
    void work.finally(() => running.delete(work));
    return work;
  };
  const retry = async (payload: string): Promise<void> => {
    for (let attempt = 1; attempt < ATTEMPTS_MAX && !stopped.signal.aborted; attempt += 1) {
      await pause(Math.min(RETRY_FIRST_MS * 2 ** attempt, RETRY_MAX_MS));
      if (!stopped.signal.aborted && (await post(url, secret, payload, stopped.signal))) return;
    }
  };
  const deliver = async (payload: string, after: Promise<void>, delayMs: number): Promise<void> => {
    await after;
    await pause(delayMs);
    if (stopped.signal.aborted || (await post(url, secret, payload, stopped.signal))) return;
    void track(retry(payload)); // those behind it do not wait
  };

  return {
    send: (event) => {
      const payload = JSON.stringify(event, null, 2);
      const copies = 1 + Math.floor(random() * faults.copiesMax);
      for (let copy = 0; copy < copies; copy += 1) {
        const sent = track(deliver(payload, faults.reorder ? Promise.resolve() : last, random() * faults.delayMaxMs));
        if (!faults.reorder) last = sent;
      }
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    stop: () => stopped.abort(),
  };
};
