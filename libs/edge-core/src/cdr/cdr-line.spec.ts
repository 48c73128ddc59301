import fc from 'fast-check';
import type { CdrRecord } from '../cdr-record.ts';
import { encodeCdrLine, parseCdrLine } from './cdr-line.ts';

const record: CdrRecord = {
  uid: '6f1f6f6e-1111-4222-8333-444444444444',
  kind: 'end',
  direction: 'outbound',
  outcome: 'answered',
  tenantId: '00000001-0000-7000-8000-000000000001',
  trunkId: '00000002-0000-7000-8000-000000000001',
  carrierId: null,
  gateway: 'sip:+12125551234@127.0.21.1:5080',
  from: '+12125550100',
  to: '+12125551234',
  callerId: '+12125550100',
  destination: '+12125551234',
  callId: 'a@b',
  sourceAddress: '127.0.22.1',
  startedAtMs: 1_795_000_000_005,
  answeredAtMs: 1_795_000_001_250,
  endedAtMs: 1_795_000_061_000,
  sipCode: 200,
  reason: null,
  hangupBy: 'caller',
  attempts: [503, 408],
  estimated: false,
};
const line = encodeCdrLine(record);
const text = fc.string({ unit: 'grapheme-composite' }).filter((s) => s.isWellFormed());

describe('CDR line', () => {
  it('brings every record back as it was, whatever a caller sent', () => {
    fc.assert(
      fc.property(text, text, text, (from, to, callId) => {
        const sent = { ...record, from, to, callId };
        expect(parseCdrLine(encodeCdrLine(sent))).toEqual({ ok: true, record: sent });
      }),
    );
  });

  it.each([
    { kind: 'metered' as const, poolId: '00000003-0000-7000-8000-000000000001' },
    { kind: 'trunk' as const, poolId: null },
  ])('says that $kind channels carried the call', (channel) => {
    expect(parseCdrLine(encodeCdrLine({ ...record, channel }))).toEqual({ ok: true, record: { ...record, channel } });
  });

  it('is one line of plain characters', () => {
    fc.assert(fc.property(text, (from) => expect(encodeCdrLine({ ...record, from })).toMatch(/^[A-Za-z0-9=&%\-_.~]+$/)));
  });

  it('maps bytes that are no UTF-8 one to one', () => {
    expect(parseCdrLine(line.replace(/&f=[^&]*/, '&f=%FF%80a'))).toMatchObject({ record: { from: '\u00ff\u0080a' } });
  });

  it.each([
    ['nothing', ''],
    ['JSON', '{}'],
    ['a missing field', line.replace(/&c=200/, '')],
    ['an unknown field', `${line}&x=1`],
    ['a kind of channel that is none', `${line}&ch=x&cp=`],
    ['a channel of a pool without one', `${line}&ch=shared&cp=`],
    ['a field twice', `${line}&c=200`],
    ['a raw quote', line.replace('%40', "'")],
    ['another version', line.replace('v=1', 'v=2')],
    ['an answered call without an answer', line.replace(/&a=[^&]*/, '&a=')],
    ['a code that is none', line.replace('&c=200', '&c=0')],
    ['a tenant that is no uuid', line.replace(/&t=[^&]*/, '&t=1')],
    ['an end without its time', line.replace(/&e=[^&]*/, '&e=')],
    ['an estimate of another kind', `${line}&es=0`],
    ['an estimated end of a call that nobody answered', `${line.replace(/&a=[^&]*/, '&a=').replace('o=answered', 'o=failed')}&es=1`],
    ['a cut line', line.slice(0, -20)],
  ])('refuses %s with a reason', (_, bad) => expect(parseCdrLine(bad)).toEqual({ ok: false, reason: expect.any(String) }));

  it('says that an end is estimated only when it is', () => {
    expect(line).not.toContain('&es=');
    const estimated = { ...record, estimated: true };
    expect(parseCdrLine(encodeCdrLine(estimated))).toEqual({ ok: true, record: estimated });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.nat(line.length), (s, at) => void parseCdrLine(line.slice(0, at) + s + line.slice(at))));
  });

  it('reads the same record however its characters are escaped', () => {
    expect(parseCdrLine(line.replace(/%2B/g, '%2b'))).toEqual({ ok: true, record });
  });
});
