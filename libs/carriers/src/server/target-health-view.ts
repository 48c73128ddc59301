import { z } from 'zod';
import { TARGET_HEALTH } from '../core/target-health.ts';
import type { TargetHealth } from '../core/target-health.ts';

/** What edges found out about SIP URIs. Implemented above, where edges are known; asked by every domain that has targets. */
export abstract class TargetHealthView {
  /** By URI, for each that is given. */
  abstract of(uris: readonly string[]): Promise<ReadonlyMap<string, TargetHealth>>;
}

export const targetHealthOut = z
  .enum(TARGET_HEALTH)
  .describe('down: an edge asks it by SIP OPTIONS and gets no answer; unknown: no edge asks it, or none has yet')
  .meta({ id: 'TargetHealth' });
