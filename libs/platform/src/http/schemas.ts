import {
  ID_PREFIXES,
  PRICE_MAX_NANOS,
  canonicalNetwork,
  networkBits,
  formatDecimal,
  fromPublicId,
  isE164,
  isIpNetwork,
  parseDecimal,
  publicIdPattern,
} from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';
import { z } from 'zod';

const example = (kind: IdKind) => `${ID_PREFIXES[kind]}_01kaq8x4s7fyz8m2q0w3e5r6t7`;

/** A public id in a request: checked for its kind, handed on as uuid. */
export const idIn = (kind: IdKind) =>
  z
    .string()
    .regex(publicIdPattern(kind), `must be an id like ${example(kind)}`)
    .meta({ example: example(kind) })
    .transform((text, { addIssue }) => {
      const id = fromPublicId(kind, text); // not every 128 bits are a uuid
      if (id === undefined)
        addIssue({ code: 'invalid_format', format: 'typeid', input: text, message: `must be an id like ${example(kind)}` });
      return id ?? z.NEVER;
    });

/** A public id in an answer. */
export const idOut = (kind: IdKind) => z.string().meta({ example: example(kind) });

/** An E.164 number in a request: `+` and 6 to 15 digits, nothing else. A wrong one is refused, never repaired. */
export const e164In = () =>
  z.string().max(32).refine(isE164, 'must be an E.164 number: + and 6 to 15 digits, e.g. +12025550123').meta({ example: '+12025550123' });

const SIP_URI =
  /^sips?:(?:[A-Za-z0-9._~+%-]{1,64}@)?(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?(?:;transport=(?:udp|tcp|tls))?$/;
const isPort = (text = '5060'): boolean => Number(text) >= 1 && Number(text) <= 65_535;

/** A SIP URI that calls are sent to (RFC 3261 §19.1): an optional user, a host or address, an optional port and transport. At most 255 characters, as much as an edge takes. */
export const sipUriIn = () =>
  z
    .string()
    .max(255)
    .regex(SIP_URI, 'must be a SIP URI such as sip:pbx.example.com:5060;transport=udp')
    .refine((uri) => isPort(SIP_URI.exec(uri)?.[1]), 'must have a port from 1 to 65535')
    .meta({ example: 'sip:198.51.100.7:5060' });

/** An IPv4 address, or a network of at least `widestBits` shared bits, in its one spelling. */
export const ipv4NetworkIn = (widestBits: number) =>
  z
    .string()
    .max(18)
    .superRefine((given, ctx) => {
      const canonical = canonicalNetwork(given);
      if (canonical === given && networkBits(given) >= widestBits) return;
      const unlike = canonical !== undefined && canonical !== given;
      const what = `an IPv4 address or a network from /${widestBits} to /31, e.g. 198.51.100.0/28`;
      ctx.addIssue({ code: 'custom', message: unlike ? `must be written ${canonical}` : `must be ${what}` });
    })
    .meta({ example: '198.51.100.7' });

/** An IPv4 or IPv6 address, or a network without host bits. */
export const ipNetworkIn = () =>
  z
    .string()
    .max(49)
    .refine(isIpNetwork, 'must be an IPv4 or IPv6 address, or a network without host bits, e.g. 198.51.100.0/28 or 2001:db8::/32')
    .meta({ example: '198.51.100.0/28' });

/** ISO 3166-1 alpha-2, upper case. */
export const country = () =>
  z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 country code, e.g. US')
    .meta({ example: 'US' });

/** ISO 4217, upper case. */
export const currency = () =>
  z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 currency code, e.g. USD')
    .meta({ example: 'USD' });

/** A price in a request: a non-negative decimal string with at most 9 decimals, at most PRICE_MAX_NANOS, handed on as nanos. */
export const priceIn = () =>
  z
    .string()
    .max(24)
    .refine((t) => parseDecimal(t) !== undefined, 'must be a decimal string with at most 9 decimals, e.g. "0.0085"')
    .refine((t) => (parseDecimal(t) ?? 0n) >= 0n, 'must not be negative')
    .refine((t) => (parseDecimal(t) ?? 0n) <= PRICE_MAX_NANOS, `must be at most ${formatDecimal(PRICE_MAX_NANOS)}`)
    .meta({ example: '0.0085' })
    .transform((t) => parseDecimal(t) ?? 0n);

/** Money in an answer. */
export const moneyOut = z
  .strictObject({ amount: z.string().meta({ example: formatDecimal(8_500_000n) }), currency: z.string().meta({ example: 'USD' }) })
  .meta({ id: 'Money' });

/** RFC 3339, UTC. */
export const timestampOut = () => z.string().meta({ format: 'date-time', example: '2026-11-23T10:15:00.000Z' });

/** A text people wrote: bounded, no control characters, no halves of characters (unpaired surrogates, which no database stores). */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters or halves of characters');

const TAG = /^[a-z0-9][a-z0-9._:-]{0,62}$/;
const tag = () =>
  z.string().regex(TAG, 'must be 1 to 63 of a-z, 0-9, . _ : -, and begin with a letter or digit').meta({ example: 'site:berlin' });

/** Words of the tenant's own on a resource. */
export const tagsIn = () => z.array(tag()).max(20).describe('Words of your own, to find it by');

/** Filters of a list whose items have tags and a reference. */
export const ownFilters = { tag: tag().optional(), external_reference: text(120).optional() };

/** The query every list takes. Spread it into a strict object beside the list's own filters. */
export const pageQuery = { limit: z.coerce.number().int().min(1).max(200).default(50), cursor: z.string().max(200).optional() };

/** `{ data, next_cursor }`, the answer of every list. */
export const pageOut = <T extends z.ZodType>(item: T, id: string) =>
  z.strictObject({ data: z.array(item), next_cursor: z.string().nullable() }).meta({ id });
