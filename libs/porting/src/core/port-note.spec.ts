import { describe, expect, it } from '@jest/globals';
import { mentionMail, unmentionable } from './port-note.ts';

const known = [
  { id: 'ann', isOperators: false },
  { id: 'olga', isOperators: true },
];

describe('who can be mentioned', () => {
  it('is a member of the tenant or of the operator', () => expect(unmentionable(['ann', 'olga'], known, 'all')).toEqual([]));
  it('is told by its place otherwise', () => expect(unmentionable(['ann', 'bob', 'olga', 'eve'], known, 'carrier')).toEqual([1, 3]));
  it('is of the operator alone in what only the operator sees', () =>
    expect(unmentionable(['ann', 'olga'], known, 'internal')).toEqual([0]));
});

it('mails what was said, by whom and about what', () => {
  const mail = mentionMail({ author: 'Ann', about: 'port order por_1', body: 'When?' });
  expect(mail.subject).toContain('por_1');
  expect(mail.body).toBe('Ann wrote about port order por_1:\n\nWhen?\n');
});
