import { CommanderError } from 'commander';
import { EXIT, exitCodeOf, wordsOf } from './failure.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './session.ts';

/** Runs one command line. Returns the exit code; a failure is told in words, never as a stack. */
export const run = async (args: readonly string[], terminal: Omit<Terminal, 'exit'>): Promise<number> => {
  let code: number = EXIT.ok;
  try {
    await createProgram({ ...terminal, exit: (asked) => (code = asked) }).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // commander has said by itself what was wrong with the words, and answers --help with code 0
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    terminal.err(wordsOf(error));
    return exitCodeOf(error);
  }
};
