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

it('takes calls on when its numbers fail to move, for they may come any minute; refused before that, or given up, it takes none', () => {
  const firm = ['opened', 'check', 'checked_ready', 'confirm', 'accepted', 'foc', 'route_opened'] as const;
  const routed = (...more: PortEntry['event'][]) => fold([...firm, ...more].map((event, i) => entry(event, i))).routed;
  expect(routed('foc_time', 'number_failed')).toBe(true);
  expect(routed('foc_time', 'window_timeout')).toBe(true);
  expect(routed('foc_time', 'window_timeout', 'carrier_cancelled')).toBe(false);
  expect(routed('foc_time', 'number_failed', 'idle')).toBe(false);
  expect(routed('rejected')).toBe(false);
});
