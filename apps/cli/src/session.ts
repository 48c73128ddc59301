import { Trunkline } from '@trunkline/client';
import { readConfig } from './config.ts';

export type GlobalOptions = { readonly apiUrl?: string; readonly tenant?: string; readonly json?: boolean };
/** Where a command reads and writes; tests give their own. */
export type Terminal = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readSecret: (prompt: string) => Promise<string>;
  readonly exit: (code: number) => void;
};

export const clientFor = ({ apiUrl, tenant }: GlobalOptions): Trunkline => {
  const config = readConfig(apiUrl === undefined ? {} : { url: apiUrl });
  return new Trunkline({ baseUrl: config.url, apiKey: config.apiKey, tenantId: tenant });
};
