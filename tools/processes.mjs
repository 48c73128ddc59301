// What the tools must know about processes: is this pid still the one we started, and stop it surely.
// A pid alone is no identity (it is reused, in containers quickly), so it always goes with its start time.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const linux = process.platform === 'linux';
const ps = (field, pid) => spawnSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
const proc = (pid, name) => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
};
/** The fields of /proc/PID/stat after the command name, which may itself hold spaces and brackets; [0] is the state. */
const stat = (pid) => {
  const text = proc(pid, 'stat');
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
};

/** Start time of a living process as an opaque text, undefined when there is none (a zombie counts as none). */
export function startTime(pid) {
  if (!linux) return ps('lstart', pid);
  const fields = stat(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

/** `{pid, start}` of a process: what is written into pid files. */
export const identity = (pid = process.pid) => ({ pid, start: startTime(pid) });

/** True while the very process of that identity lives. */
export const isAlive = (id) => id?.start !== undefined && startTime(id.pid) === id.start;

/** The command line, words joined by a space; undefined when the process is gone or not ours to see. */
export function commandLine(pid) {
  return linux ? proc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() || undefined : ps('command', pid);
}

/** The parent's pid, undefined when the process is gone. */
export function parentOf(pid) {
  const text = linux ? stat(pid)?.[1] : ps('ppid', pid);
  return text === undefined ? undefined : Number(text);
}

/** The working folder of a process; known on Linux only. */
export function workingFolder(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Pids of all living processes for which `test(pid)` holds; empty where there is no /proc. */
export function findProcesses(test) {
  if (!linux) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => startTime(pid) !== undefined && test(pid));
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until `test()` holds; false when it did not within `ms`. */
export async function until(test, ms, stepMs = 20) {
  for (const end = Date.now() + ms; !(await test()); await sleep(stepMs)) if (Date.now() > end) return false;
  return true;
}

const send = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch (e) {
    if (e.code !== 'ESRCH') throw e;
  }
};

/**
 * Sends the signal, waits `graceMs`, then sends SIGKILL (to the whole group when the process leads one) and waits for the end.
 * Does nothing when the process of that identity is gone.
 */
export async function stopProcess(id, { signal = 'SIGTERM', graceMs = 10_000, group = false } = {}) {
  if (!isAlive(id)) return;
  send(id.pid, signal);
  if (await until(() => !isAlive(id), graceMs)) return;
  send(group ? -id.pid : id.pid, 'SIGKILL');
  await until(() => !isAlive(id), 5_000);
}
