import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/run.ts';

export type Said = { readonly code: number; readonly out: string; readonly err: string };

/** A person at a terminal: a home of their own, and what each command line said. */
export class CommandLine {
  readonly home = mkdtempSync(join(tmpdir(), 'tl-cli-'));
  readonly configFile = join(this.home, 'config/config.json');

  constructor(readonly url: string) {}

  /** @param typed what is entered when a command asks */
  async run(args: readonly string[], { key, typed = '' }: { key?: string | undefined; typed?: string } = {}): Promise<Said> {
    const said = { out: [] as string[], err: [] as string[] };
    Object.assign(process.env, { TRUNKLINE_CONFIG: this.configFile, TRUNKLINE_URL: key ? this.url : '', TRUNKLINE_API_KEY: key ?? '' });
    const code = await run(args, { out: (text) => said.out.push(text), err: (text) => said.err.push(text), readSecret: async () => typed });
    return { code, out: said.out.join('\n'), err: said.err.join('\n') };
  }

  /** @returns the answer of a command that succeeds */
  async json<T = { id: string } & Record<string, unknown>>(key: string, ...args: string[]): Promise<T> {
    const { code, out, err } = await this.run(['--json', ...args], { key });
    if (code !== 0) throw new Error(`trunkline ${args.join(' ')} ended with ${code}: ${err}`);
    return JSON.parse(out) as T;
  }

  file(name: string, text: string): string {
    const path = join(this.home, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.home, { recursive: true });
  }
}
