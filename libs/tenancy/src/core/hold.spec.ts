import { HOLD_KINDS, effectiveState } from './hold.ts';
import type { Hold } from './hold.ts';

describe('effectiveState', () => {
  it('is active without holds', () => expect(effectiveState([])).toBe('active'));
  it.each(HOLD_KINDS)('is suspended by a %s hold', (kind) => expect(effectiveState([{ kind, stops: 'all' } as Hold])).toBe('suspended'));
  it('is restricted while no hold stops more than what the tenant places', () =>
    expect(effectiveState([{ stops: 'outbound' }, { stops: 'outbound' }])).toBe('restricted'));
  it('is suspended by one hold among many that stops all', () =>
    expect(effectiveState([{ stops: 'outbound' }, { stops: 'all' }])).toBe('suspended'));
});
