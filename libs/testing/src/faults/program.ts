import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const FROM_SOURCE = ['--enable-source-maps', '--conditions=@trunkline/source', '--import', './tools/source-hook.mjs'];

/** A process of ours as it runs in an installation, to be told to end, or killed. */
export type Program = {
  /** All it wrote so far. */
  output(): string;
  isRunning(): boolean;
  /** Waits until that path answers 2xx. @throws with its output when it ends before */
  ready(url: string): Promise<void>;
  /** Sends a signal and waits for the end. Returns the exit code, or the signal that ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string>;
};

/** @param entry such as `apps/api/src/main.ts`; env: all that it is told; folder: of another build than this one */
export const startProgram = (entry: string, env: Readonly<Record<string, string>>, folder = ROOT): Program => {
  const child = spawn(process.execPath, [...FROM_SOURCE, entry], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] }); // prettier-ignore
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    output: () => written,
    isRunning,
    ready: async (url) => {
      while (!(await answersWell(url))) {
        if (!isRunning()) throw new Error(`${entry} ended:\n${written.slice(-2_000)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    end: async (signal) => {
      child.kill(signal);
      const [code, by] = await ended;
      return code ?? by ?? '';
    },
  };
};

const answersWell = (url: string): Promise<boolean> =>
  fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
