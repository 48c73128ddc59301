import { tellShortage } from './allotment.ts';

const shortage = { resource: 'channels', path: ['root', 'middle'], allotted: 10, used: 8 } as const;

describe('tellShortage', () => {
  it('gives a tenant its own figures', () =>
    expect(tellShortage(shortage, 'middle')).toEqual({
      code: 'allotment_own',
      detail: 'This tenant’s allotment does not suffice: of 10 channels 8 are in use',
    }));
  it.each(['root', undefined])('names the level to whoever looks from above (%s)', (seer) =>
    expect(tellShortage(shortage, seer)).toEqual({
      code: 'allotment_below',
      detail: 'The allotment of the tenant at level 2 does not suffice: of 10 channels 8 are in use',
    }),
  );
  it('tells a tenant below no figure', () => {
    const told = tellShortage(shortage, 'leaf');
    expect(told.code).toBe('allotment_above');
    expect(told.detail).not.toMatch(/\d|root|middle/);
  });
});
