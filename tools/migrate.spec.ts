// @ts-expect-error: plain JavaScript without declarations
import { pendingMigrations } from './migrate.mjs';

const folder = [
  { name: '1_a', checksum: 'aa' },
  { name: '2_b', checksum: 'bb' },
];
const row = (migration_name: string, checksum: string, finished_at: Date | null = new Date(0)) => ({
  migration_name,
  checksum,
  finished_at,
});

describe('migrations', () => {
  it('run once, in order', () => {
    expect(pendingMigrations(folder, [])).toEqual(folder);
    expect(pendingMigrations(folder, [row('1_a', 'aa')])).toEqual([folder[1]]);
  });

  it.each([
    ['was edited', row('1_a', 'xx'), 'edited after it was applied'],
    ['failed', row('1_a', 'aa', null), 'failed earlier'],
    ['is unknown', row('9_z', 'zz'), 'not in the folder'],
  ])('do not run when one %s', (_, ledger, message) => {
    expect(() => pendingMigrations(folder, [ledger])).toThrow(message);
  });
});
