import { fromPublicId, toPublicId } from '@trunkline/kernel';
import { attemptKey, cdrId, startedAtOf } from './cdr-id.ts';

const digest = 'f0e1d2c3b4a5968778695a4b3c2d1e0f'.repeat(2);
const at = Date.UTC(2026, 10, 23, 10, 15, 0, 7);

describe('the id of a call attempt', () => {
  it('is a uuid v7 of the start and of 74 bits of the digest', () => {
    expect(cdrId(at, digest)).toBe('01a207e6-dca7-7f0e-9d2c-3b4a59687786');
    expect(cdrId(at, digest)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('tells the start, to the millisecond', () => {
    expect(startedAtOf(cdrId(at, digest))).toEqual(new Date(at));
    expect(startedAtOf(cdrId(5, digest))).toEqual(new Date(5));
  });

  it('changes with every hex digit that it takes of the digest', () => {
    const ids = [0, 1, 2, 3, 4, 18].map((i) => cdrId(at, `${digest.slice(0, i)}${digest[i] === '1' ? '2' : '1'}${digest.slice(i + 1)}`));
    expect(new Set([...ids, cdrId(at, digest)]).size).toBe(7);
  });

  it('goes over the wire and back', () => {
    const id = cdrId(at, digest);
    expect(fromPublicId('cdr', toPublicId('cdr', id))).toBe(id);
  });

  it('keeps the uids of two edges apart', () => expect(attemptKey('a', 'u')).not.toBe(attemptKey('b', 'u')));
});
