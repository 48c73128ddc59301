import { HOLD_KINDS, effectiveState } from './hold.ts';

describe('effectiveState', () => {
  it('is active without holds', () => expect(effectiveState([])).toBe('active'));
  it.each(HOLD_KINDS)('is suspended by a %s hold', (kind) => expect(effectiveState([kind])).toBe('suspended'));
});
