/** The policy of retries and holds, for injection. */
export const DUNNING = Symbol('DunningPolicy');
