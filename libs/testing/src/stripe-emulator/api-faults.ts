import { randomOf } from './random.ts';

/** How badly the API answers. Shares of the requests, 0 to 1, that end so; the same seed gives the same sequence of ends. */
export type ApiFaultProfile = {
  readonly seed: number;
  /** 500, and nothing happened */
  readonly failBefore?: number;
  /** 500, and it happened */
  readonly failAfter?: number;
  /** The connection is cut, and it happened */
  readonly cutAfter?: number;
};
export type ApiFault = 'none' | 'fail_before' | 'fail_after' | 'cut_after';

/** What happens to the next request. */
export const apiFaults = (profile: ApiFaultProfile | undefined): (() => ApiFault) => {
  if (!profile) return () => 'none';
  const { seed, failBefore = 0, failAfter = 0, cutAfter = 0 } = profile;
  const random = randomOf(seed);
  return () => {
    const at = random();
    if (at < failBefore) return 'fail_before';
    if (at < failBefore + failAfter) return 'fail_after';
    return at < failBefore + failAfter + cutAfter ? 'cut_after' : 'none';
  };
};
