import { CHANNEL_KINDS } from '../channels/channel-kind.ts';
import type { CdrChannel, CdrRecord, ParsedCdr } from '../cdr-record.ts';

/**
 * The line that an edge writes for one CDR record: `name=value` fields joined by `&`, every value percent-encoded (RFC 3986, only letters,
 * digits and -_.~ stay), so that nothing a caller sends can end a field, a line or an SQL string. An empty value is null. Times are
 * seconds with a fraction. Bytes that are no UTF-8 are read as ISO 8859-1, so that each still maps to one character.
 */
const VERSION = '1';
const REQUIRED = [
  'v',
  'k',
  'u',
  'd',
  'o',
  't',
  'tr',
  'ca',
  'gw',
  'f',
  'to',
  'ci',
  'ds',
  'id',
  'ip',
  's',
  'a',
  'e',
  'c',
  'r',
  'h',
  'l',
] as const;
/** Written only where they say something, so that a gateway that does not know them can read all other lines. */
const OPTIONAL = ['es', 'ch', 'cp'] as const;
type Fields = Record<(typeof REQUIRED)[number], string> & Partial<Record<(typeof OPTIONAL)[number], string>>;

const NAMES: ReadonlySet<string> = new Set([...REQUIRED, ...OPTIONAL]);
const PLAIN = /^[A-Za-z0-9\-_.~]*$/; // needs no escape; most values are, and decoding costs more than this look

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Thrown inside this file only, to leave a parse. */
class Fault extends Error {}

const fail = (reason: string): never => {
  throw new Fault(reason);
};

/** Strict: an unknown, missing, repeated or ill-typed field makes the whole line unusable, with the reason. */
export const parseCdrLine = (line: string): ParsedCdr => {
  try {
    return { ok: true, record: recordOf(fieldsOf(line)) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, reason: error.message };
    throw error;
  }
};

function fieldsOf(line: string): Fields {
  const found: Partial<Fields> = {};
  for (const part of line.split('&')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)) as keyof Fields;
    if (!NAMES.has(name)) fail(`unknown field ${JSON.stringify(part.slice(0, 20))}`);
    if (found[name] !== undefined) fail(`field ${name} twice`);
    found[name] = decode(part.slice(at + 1), name);
  }
  for (const name of REQUIRED) if (found[name] === undefined) fail(`field ${name} is missing`);
  return found as Fields;
}

function decode(text: string, name: string): string {
  if (PLAIN.test(text)) return text;
  if (!/^(?:[A-Za-z0-9\-_.~]|%[0-9A-Fa-f]{2})*$/.test(text)) fail(`field ${name} is not percent-encoded`);
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}

function recordOf(f: Fields): CdrRecord {
  if (f.v !== VERSION) fail(`version ${JSON.stringify(f.v)}`);
  const kind = oneOf(f.k, 'k', ['start', 'end']);
  const endedAtMs = timeOrNull(f.e, 'e');
  if ((kind === 'start') !== (endedAtMs === null)) fail('a start has no end time, an end has one');
  const outcome = oneOf(f.o, 'o', ['answered', 'failed', 'rejected']);
  const answeredAtMs = timeOrNull(f.a, 'a');
  if ((outcome === 'answered') !== (answeredAtMs !== null)) fail('exactly answered calls have an answer time');
  const estimated = f.es !== undefined && oneOf(f.es, 'es', ['1']) === '1';
  if (estimated && (kind === 'start' || outcome !== 'answered')) fail('only the end of an answered call can be estimated');
  return {
    uid: f.u === '' || f.u.length > 64 ? fail('u is no id') : f.u,
    kind,
    direction: oneOf(f.d, 'd', ['outbound', 'inbound', 'emergency']),
    outcome,
    tenantId: uuidOrNull(f.t, 't'),
    trunkId: uuidOrNull(f.tr, 'tr'),
    carrierId: uuidOrNull(f.ca, 'ca'),
    gateway: f.gw || null,
    from: f.f,
    to: f.to,
    callerId: f.ci || null,
    destination: f.ds || null,
    callId: f.id,
    sourceAddress: f.ip,
    startedAtMs: timeOrNull(f.s, 's') ?? fail('s is missing'),
    answeredAtMs,
    endedAtMs,
    sipCode: sipCode(f.c, 'c'),
    reason: f.r || null,
    hangupBy: f.h === '' ? null : oneOf<'caller' | 'callee' | 'edge'>(f.h, 'h', ['caller', 'callee', 'edge']),
    attempts: f.l === '' ? [] : f.l.split('.').map((code) => sipCode(code, 'l')),
    estimated,
    ...channelOf(f),
  };
}

function channelOf({ ch, cp }: Fields): { channel?: CdrChannel } {
  if (ch === undefined || ch === '') return cp ? fail('cp without ch') : {};
  const kind = oneOf(ch, 'ch', CHANNEL_KINDS);
  const poolId = uuidOrNull(cp ?? '', 'cp');
  if ((kind === 'trunk') !== (poolId === null)) fail('a call has a pool exactly when channels of one carried it');
  return { channel: { kind, poolId } };
}

const oneOf = <T extends string>(text: string, name: string, allowed: readonly T[]): T =>
  allowed.find((a) => a === text) ?? fail(`${name} is ${JSON.stringify(text.slice(0, 20))}`);

const uuidOrNull = (text: string, name: string): string | null =>
  text === '' ? null : UUID.test(text) ? text : fail(`${name} is no uuid`);

const sipCode = (text: string, name: string): number => (/^[1-6][0-9]{2}$/.test(text) ? Number(text) : fail(`${name} is no SIP code`));

function timeOrNull(text: string, name: string): number | null {
  if (text === '') return null;
  const match = /^([0-9]{9,10})\.([0-9]{3})[0-9]{0,6}$/.exec(text);
  return match ? Number(match[1]) * 1000 + Number(match[2]) : fail(`${name} is no time`);
}

const time = (ms: number | null): string => (ms === null ? '' : `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`);

const encode = (text: string): string =>
  PLAIN.test(text) ? text : encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The line for a record. `from`, `to` and `callId` must be well-formed Unicode. */
export const encodeCdrLine = (r: CdrRecord): string => {
  const values: Fields = {
    v: VERSION,
    k: r.kind,
    u: r.uid,
    d: r.direction,
    o: r.outcome,
    t: r.tenantId ?? '',
    tr: r.trunkId ?? '',
    ca: r.carrierId ?? '',
    gw: r.gateway ?? '',
    f: r.from,
    to: r.to,
    ci: r.callerId ?? '',
    ds: r.destination ?? '',
    id: r.callId,
    ip: r.sourceAddress,
    s: time(r.startedAtMs),
    a: time(r.answeredAtMs),
    e: time(r.endedAtMs),
    c: String(r.sipCode),
    r: r.reason ?? '',
    h: r.hangupBy ?? '',
    l: r.attempts.join('.'),
  };
  const required = REQUIRED.map((name) => `${name}=${encode(values[name])}`).join('&');
  const channel = r.channel === undefined ? '' : `&ch=${r.channel.kind}&cp=${r.channel.poolId ?? ''}`;
  return `${required}${channel}${r.estimated ? '&es=1' : ''}`;
};
