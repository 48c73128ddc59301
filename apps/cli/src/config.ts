import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from './failure.ts';

/** Where the API is and who asks. */
export type Config = { readonly url: string; readonly apiKey: string };

export const DEFAULT_URL = 'http://127.0.0.1:3000';

/** The file `login` writes: for its owner alone, like a private key of ssh. */
export const configFile = (): string =>
  process.env['TRUNKLINE_CONFIG'] ?? join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'trunkline/config.json');

export const saveConfig = ({ url, apiKey }: Config): string => {
  const file = configFile();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify({ url, api_key: apiKey }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600); // the mode above is cut by the umask only, but a file of that name may have been there
  renameSync(fresh, file);
  return file;
};

const saved = (): Partial<Config> => {
  const file = configFile();
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw new UsageError(`${file} can be read by others: chmod 600 it`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return {};
  }
  try {
    const { url, api_key: apiKey } = JSON.parse(text) as { url?: string; api_key?: string };
    return { ...(url === undefined ? {} : { url }), ...(apiKey === undefined ? {} : { apiKey }) };
  } catch {
    throw new UsageError(`${file} is damaged: log in again`);
  }
};

export const checkUrl = (url: string): string => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new UsageError(`not an http or https URL: ${url}`);
  return url;
};

/** Environment before file, option before both. @throws UsageError when there is no key */
export const readConfig = (options: { url?: string }): Config => {
  const file = saved();
  const apiKey = process.env['TRUNKLINE_API_KEY'] || file.apiKey;
  if (!apiKey) throw new UsageError('no API key: run `trunkline login`, or set TRUNKLINE_API_KEY');
  // a key of the file goes to the file's server alone, unless somebody names another on purpose
  return { url: checkUrl(options.url ?? (process.env['TRUNKLINE_URL'] || (file.url ?? DEFAULT_URL))), apiKey };
};
