import type { EdgeStatus } from '@trunkline/edge-core';

const MISSES_TO_FALL = 2;
const MAX_LISTED = 100;

export type Verdict = 'fell' | 'rose' | 'stays down' | 'stays up';
export type HealthReport = NonNullable<EdgeStatus['targets']>;

/** Which targets answer. One is down after two questions in a row without an answer, and up again with the first answer. */
export class TargetHealth {
  private readonly misses = new Map<string, number | null>(); // null: not asked yet

  /** From now on these and no others. */
  watch(targets: ReadonlySet<string>): void {
    for (const target of this.misses.keys()) if (!targets.has(target)) this.misses.delete(target);
    for (const target of targets) if (!this.misses.has(target)) this.misses.set(target, null);
  }

  /** The outcome of one question. @returns undefined when the target is not watched any more */
  record(target: string, answered: boolean): Verdict | undefined {
    const before = this.misses.get(target);
    if (before === undefined) return undefined;
    const wasDown = isDown(before);
    const misses = answered ? 0 : (before ?? 0) + 1;
    this.misses.set(target, misses);
    if (isDown(misses)) return wasDown ? 'stays down' : 'fell';
    return wasDown ? 'rose' : 'stays up';
  }

  report(): HealthReport {
    const down: string[] = [];
    const unknown: string[] = [];
    for (const [target, misses] of this.misses) {
      if (misses === null) unknown.push(target);
      else if (isDown(misses)) down.push(target);
    }
    const complete = down.length <= MAX_LISTED && unknown.length <= MAX_LISTED;
    return { complete, down: down.slice(0, MAX_LISTED), unknown: unknown.slice(0, MAX_LISTED) };
  }
}

const isDown = (misses: number | null): boolean => (misses ?? 0) >= MISSES_TO_FALL;
