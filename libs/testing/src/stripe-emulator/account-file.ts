import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { emptyAccount } from './account.ts';
import type { AccountState } from './account.ts';

/** The account kept in a file, or an empty one. Ids that our database holds then outlive a restart of the emulator, as they would at Stripe. */
export const loadAccount = (file: string | undefined): AccountState => {
  if (file === undefined) return emptyAccount();
  try {
    return { ...emptyAccount(), ...(JSON.parse(readFileSync(file, 'utf8')) as AccountState) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyAccount();
    throw error;
  }
};

/** Replaces the file whole, so that a kill leaves the old or the new one. */
export const saveAccount = (file: string | undefined, state: AccountState): void => {
  if (file === undefined) return;
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
};
