import { globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A clock that can be put wrong, for processes that were started with `env`, while they run. What counts time that passed goes on as ever. */
export type WrongClock = {
  readonly env: Readonly<Record<string, string>>;
  /** So many seconds ahead of the machine's clock, or behind. Noticed at once. */
  set(seconds: number): void;
  remove(): void;
};

export const wrongClock = (): WrongClock => {
  const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
  if (library === undefined) throw new Error('the Debian package libfaketime is needed here');
  const folder = mkdtempSync(join(tmpdir(), 'tl-clock-'));
  const file = join(folder, 'offset');
  const set = (seconds: number) => {
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  const env = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_DISABLE_SHM: '1' }; // prettier-ignore
  return { env, set, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
