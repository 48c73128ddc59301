import type { TenantContext } from '@trunkline/kernel';

/** How a trunk stands where its edge registers it. `pending`: the tenant's home edge has not said anything of it yet. */
export const REGISTRATION_STATES = ['pending', 'registering', 'registered', 'failing'] as const;
export type Registration = {
  readonly state: (typeof REGISTRATION_STATES)[number];
  readonly sipCode: number | null; // the last final answer; null: none came
  readonly since: Date | null;
  readonly edge: string | null;
};
export const PENDING: Registration = { state: 'pending', sipCode: null, since: null, edge: null };

/** Implemented above, where edges are known. */
export abstract class RegistrationView {
  /** By trunk; one that nothing is known of is left out. */
  abstract of(ctx: TenantContext, trunkIds: readonly string[]): Promise<ReadonlyMap<string, Registration>>;
}
