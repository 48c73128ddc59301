import { afterEntry, fold } from './port-history.ts';
import type { PortEntry } from './port-history.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 26, 10, minute));
const entry = (event: PortEntry['event'], minute: number): PortEntry => ({ event, numbers: ['+12025550177'], data: {}, at: at(minute) });

it('is a draft since its first entry, however it is told', () => {
  const [first, second] = [entry('opened', 1), entry('edited', 2)];
  expect(fold([first, second])).toMatchObject({ state: 'draft', stateSince: at(1) });
  expect(afterEntry(fold([first]), second)).toEqual(fold([first, second]));
});

it('is in another state since the entry that led there', () => {
  const history = [entry('opened', 1), entry('check', 5)];
  expect(fold(history)).toMatchObject({ state: 'validating', stateSince: at(5) });
});
