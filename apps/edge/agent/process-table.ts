import { readFileSync, readdirSync } from 'node:fs';

export type RunningProcess = { readonly pid: number; readonly group: number; readonly words: readonly string[] };

/**
 * Processes whose command line has `program` as its first word's name and `argument` as one of its words. Read from /proc, because a pid
 * file may be stale and its number taken by somebody else.
 */
export const findProcesses = (program: string, argument: string): RunningProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => inspect(Number(name), program, argument) ?? []);

/** One process, if it is still that. */
export const inspect = (pid: number, program: string, argument: string): RunningProcess | undefined => {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (words[0]?.split('/').pop() !== program || !words.includes(argument)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : { pid, group: Number(group), words };
  } catch {
    return undefined; // it ended while we looked
  }
};

/** Sends a signal; a process that is gone already is no error. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};
