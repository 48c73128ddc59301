import type { Target, TrunkValue } from '../entries/entry-values.ts';
import { readCountry, readTargets } from '../entries/read-entry.ts';
import { withUser } from '../entries/sip-uri.ts';
import type { Lookup } from './call.ts';
import { longestPrefix } from './longest-prefix.ts';
import { inOrder } from './target-order.ts';

const LONGEST_COUNTRY_PREFIX = 8;
const LONGEST_E164 = 15;

/** Only countries that the trunk opened; a prefix of no known country is closed. */
export const isAllowed = (digits: string, trunk: TrunkValue, lookup: Lookup): boolean => {
  const country = longestPrefix(lookup, 'country', digits, LONGEST_COUNTRY_PREFIX);
  return country !== null && trunk.allowedCountries.indexOf(readCountry(country)) >= 0;
};

/** The gateways that take a call to this number, in order. */
export const carriersFor = (digits: string, draw: number, lookup: Lookup): readonly Target[] => {
  const route = longestPrefix(lookup, 'route', digits, LONGEST_E164);
  if (route === null) return [];
  return inOrder(readTargets(route).targets, draw, lookup).map((t): Target => ({
    uri: withUser(t.uri, '+' + digits),
    carrierId: t.carrierId,
  }));
};
