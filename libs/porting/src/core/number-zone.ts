import type { E164 } from '@trunkline/kernel';
import { nanpZone } from './nanp-zones.ts';
import type { NumberZone } from './nanp-zones.ts';

/** Zones of a country by the first digits after +, the longest first; the last one is the country's. */
const ZONES: Readonly<Record<string, readonly (readonly [prefix: string, zone: string])[]>> = {
  // numbers without a place are administered in the east of both countries
  US: [['+1', 'America/New_York']],
  CA: [['+1', 'America/Toronto']],
  GB: [['+44', 'Europe/London']],
  DE: [['+49', 'Europe/Berlin']],
  FR: [['+33', 'Europe/Paris']],
  ES: [
    ['+34822', 'Atlantic/Canary'],
    ['+34828', 'Atlantic/Canary'],
    ['+34922', 'Atlantic/Canary'],
    ['+34928', 'Atlantic/Canary'],
    ['+34', 'Europe/Madrid'],
  ],
  IT: [['+39', 'Europe/Rome']],
  NL: [['+31', 'Europe/Amsterdam']],
  AU: [
    ['+613', 'Australia/Melbourne'],
    ['+617', 'Australia/Brisbane'],
    ['+6186', 'Australia/Perth'],
    ['+6189', 'Australia/Perth'],
    ['+618', 'Australia/Adelaide'],
    ['+61', 'Australia/Sydney'],
  ],
};

/** The time zone that a number lives in; undefined for a country whose ports are not known here, or that the number is not of. */
export const numberZone = (e164: E164, country: string): NumberZone | undefined => {
  const zone = ZONES[country]?.find(([prefix]) => e164.startsWith(prefix))?.[1];
  if (zone === undefined) return undefined;
  return (e164.startsWith('+1') ? nanpZone(e164.slice(2, 5)) : undefined) ?? { zone, clock: zone };
};
