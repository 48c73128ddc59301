// npm killed by a signal takes its shell along but not what the shell ran. So a program that runs for long watches them.
import { readFileSync } from 'node:fs';
import { identity, isAlive, parentOf } from './processes.mjs';

const DEPTH_MAX = 4; // node on the pinned version ← node that bootstrapped ← sh ← npm

const isNpm = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('npm');
  } catch {
    return false;
  }
};

/** The processes between us and the npm that runs us, npm last; none when npm is not among them. */
function chainToNpm() {
  const chain = [];
  for (let pid = process.ppid; pid > 1 && chain.length < DEPTH_MAX; pid = parentOf(pid) ?? 0) {
    chain.push(identity(pid));
    if (isNpm(pid)) return chain;
  }
  return [];
}

/** Calls `onGone` once when the npm that runs this program, or anything between, has ended. Does nothing outside npm. */
export function watchNpm(onGone) {
  const chain = process.env.npm_lifecycle_event ? chainToNpm() : [];
  if (chain.length === 0) return;
  const timer = setInterval(() => {
    if (chain.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
}
