/** Whether a SIP target answers: `down` when an edge that asks it gets no answer, `unknown` when no edge can say. */
export const TARGET_HEALTH = ['up', 'down', 'unknown'] as const;
export type TargetHealth = (typeof TARGET_HEALTH)[number];
