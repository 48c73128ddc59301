import { EVENT_FILTERS, filtersFor } from './event-filter.ts';

it('lets an event through by its name, its noun, and everything', () =>
  expect(filtersFor('trunk.created')).toEqual(['*', 'trunk.*', 'trunk.created']));
it('does not take a longer noun for a shorter one', () => expect(filtersFor('call_export.failed')).not.toContain('call.*'));
it('knows what may be listened to', () => {
  expect(EVENT_FILTERS).toEqual(expect.arrayContaining(['*', 'call.*', 'call_export.*', 'call.completed']));
  expect(EVENT_FILTERS).not.toContain('trunk.exploded');
  expect(EVENT_FILTERS).not.toContain('deck.*');
});
