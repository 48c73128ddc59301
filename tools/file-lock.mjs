// A lock between processes: a file that names its owner. It dies with the owner, so a kill -9 never blocks the next start.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identity, isAlive, sleep } from './processes.mjs';

const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Takes the lock if nobody living holds it. Returns `{release}` or `{holder: {pid, start}}`. */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identity())); // written first and linked whole: nobody can read half a lock
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (link(mine, file)) return { release: () => rmSync(file, { force: true }) };
      const holder = read(file);
      if (isAlive(holder)) return { holder };
      bury(file, holder);
    }
    return { holder: read(file) };
  } finally {
    rmSync(mine, { force: true });
  }
}

function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (e) {
    if (e.code !== 'EEXIST') throw e;
    return false;
  }
}

/** Removes a dead owner's lock, and puts it back when another process replaced it in between. */
function bury(file, dead) {
  const grave = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, grave);
  } catch {
    return;
  }
  if (read(grave)?.pid !== dead?.pid) link(grave, file);
  rmSync(grave, { force: true });
}

/** Runs `work` while holding the lock; waits for another holder and calls `onWait` once if it has to. */
export async function withLock(file, work, onWait = () => {}) {
  let lock = tryLock(file);
  if (!lock.release) onWait(lock.holder);
  for (; !lock.release; lock = tryLock(file)) await sleep(200);
  try {
    return await work();
  } finally {
    lock.release();
  }
}
