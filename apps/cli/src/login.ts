import { Trunkline, TrunklineError } from '@trunkline/client';
import type { Command } from 'commander';
import { DEFAULT_URL, checkUrl, saveConfig } from './config.ts';
import { UsageError } from './failure.ts';
import type { GlobalOptions, Terminal } from './session.ts';

const KEY = /^[A-Za-z0-9_]{20,80}$/;

/** Any answer but 401 shows that the key is one: it may lack the scope, or be the operator's. */
const verify = async (url: string, apiKey: string): Promise<void> => {
  try {
    await new Trunkline({ baseUrl: url, apiKey }).getOwnTenant();
  } catch (error) {
    const { code } = error as TrunklineError;
    if (code !== 'auth.scope_missing' && code !== 'auth.tenant_required') throw error;
  }
};

/** The key is typed or piped, never an argument: those are seen by every user of the machine. */
export const addLogin = (program: Command, terminal: Terminal): void => {
  program
    .command('login')
    .description('Keep an API key for later commands, in a file for you alone. The key is asked for, or read from standard input')
    .action(async () => {
      const url = checkUrl(program.opts<GlobalOptions>().apiUrl ?? DEFAULT_URL);
      const apiKey = (await terminal.readSecret('API key: ')).trim();
      if (!KEY.test(apiKey)) throw new UsageError('that is not an API key');
      await verify(url, apiKey);
      terminal.out(`The key is kept in ${saveConfig({ url, apiKey })}`);
    });
};
