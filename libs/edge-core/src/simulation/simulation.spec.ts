import { CASES, caseIntent, inputOf } from '../cases/cases.ts';
import { decide } from '../decision/decide.ts';
import { REJECT } from '../decision/reject-reasons.ts';
import { compile } from '../entries/compile.ts';
import { decideFrom } from './decide-from.ts';
import type { Question, Read } from './decide-from.ts';
import { explainRefusal } from './explain-refusal.ts';
import { traceOf } from './trace.ts';

const entries = new Map(compile(caseIntent).map((e) => [`${e.kind} ${e.key}`, e.value]));
const fetchFor =
  (down: readonly string[] = []) =>
  async (questions: readonly Question[]): Promise<Read[]> =>
    questions.flatMap(({ kind, key }) => {
      const value = kind === 'meta' ? '1' : kind === 'health' ? (down.includes(key) ? 'down' : undefined) : entries.get(`${kind} ${key}`);
      return value === undefined ? [] : [{ kind, key, value }];
    });
const simulate = (name: string) => {
  const found = CASES.find((c) => c.name === name)!;
  return decideFrom(inputOf(found), fetchFor(found.down));
};

describe('decideFrom', () => {
  it.each(CASES.map((c) => [c.name, c] as const))('decides as the edge does: %s', async (_, c) => {
    const lookup = (kind: string, key: string) =>
      kind === 'meta' ? '1' : kind === 'health' ? (c.down?.includes(key) ? 'down' : null) : (entries.get(`${kind} ${key}`) ?? null);
    const reads: Question[] = [];
    const counted = (kind: Question['kind'], key: string) => (reads.push({ kind, key }), lookup(kind, key));
    const expected = decide(inputOf(c), counted);
    const simulated = await decideFrom(inputOf(c), fetchFor(c.down));
    expect(simulated.decision).toEqual(expected);
    expect(simulated.reads.map(({ kind, key }) => ({ kind, key }))).toEqual(reads);
  });

  it('fetches in rounds, not one by one', async () => {
    let rounds = 0;
    const fetch = fetchFor();
    await decideFrom(inputOf(CASES.find((c) => c.name === 'E.164 with plus')!), (q) => (rounds++, fetch(q)));
    expect(rounds).toBeLessThan(9);
  });

  it('tells of an entry that cannot be read', async () => {
    const broken = async (questions: readonly Question[]) =>
      (await fetchFor()(questions)).map((r) => (r.kind === 'trunk' ? { ...r, value: '{}' } : r));
    await expect(decideFrom(inputOf(CASES[1]!), broken)).rejects.toThrow('faulty entry');
  });
});

describe('explainRefusal', () => {
  it('has words of its own for every refusal of the table', async () => {
    for (const c of CASES) {
      const { decision, reads } = await decideFrom(inputOf(c), fetchFor(c.down));
      if (decision.action === 'route') continue;
      const { says } = explainRefusal(decision, inputOf(c), reads);
      expect(says).toMatch(/^[^{}]{20,}\.$/);
      expect(says).not.toMatch(/undefined|null/);
      if (decision.action !== 'challenge') expect(says).not.toBe(`${decision.reason.title}.`);
    }
  });

  it.each([
    ['closed country', 'allowed_countries', '+33123456789 lies in FR, and the trunk may call DE, GB, JM, US only.'],
    ['a prefix of no country', 'allowed_countries', '+99912345678 lies in no country that is known, and the trunk may call DE, GB, JM, US only.'],
    ['disabled trunk', 'enabled', 'The trunk is disabled. Enable it to let its calls through.'],
    ['anonymous caller of a trunk that takes none', 'reject_anonymous', 'The caller withholds its number, and the trunk takes no such calls. Turn reject_anonymous off to let them through.'],
    ['home is another edge', 'home', 'edge-2 carries the calls of this tenant: register and send calls there.'],
    ['tenant on hold', 'holds', 'The tenant is on hold (billing): no call but an emergency call passes until the hold is lifted.'],
  ])('%s: names the setting %s', async (name, setting, says) => {
    const { decision, reads } = await simulate(name);
    if (decision.action === 'route') throw new Error('was to be refused');
    const c = CASES.find((one) => one.name === name)!;
    expect(explainRefusal(decision, inputOf(c), reads)).toMatchObject({ setting, says });
  }); // prettier-ignore

  it('tells a reason that it does not know by its title', () => {
    const call = {
      direction: 'outbound',
      tenantId: null,
      trunkId: null,
      carrierId: null,
      callerId: null,
      destination: null,
      attestation: null,
    } as const;
    const decision = { action: 'reject', reason: REJECT.noDecision, sipCode: 503, call } as const;
    expect(explainRefusal(decision, inputOf(CASES[0]!), []).says).toBe('The edge could not decide on the call.');
  });
});

describe('traceOf', () => {
  it('tells the way of a call', async () => {
    const c = CASES.find((one) => one.name === 'Jamaica shares +1 and has its own route')!;
    const { reads } = await decideFrom(inputOf(c), fetchFor());
    const steps = traceOf(inputOf(c), reads);
    expect(steps.map((s) => [s.rule, s.found])).toEqual([
      ['meta', true],
      ['source', false],
      ['trunk', true],
      ['tenant', true],
      ['number', true],
      ['country', true],
      ['route', true],
      ['health', false],
    ]);
    expect(steps.map((s) => s.says)).toContain('The prefix 1876 is JM, which the trunk has opened.');
    expect(steps.map((s) => s.says)).toContain(`The tenant is on no hold; any edge carries its calls.`);
  });
});
