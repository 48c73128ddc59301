import { Trunkline } from '@trunkline/client';
import { readConfig } from './config.ts';

export type GlobalOptions = { readonly url?: string; readonly tenant?: string; readonly json?: boolean };
/** Where a command reads and writes; tests give their own. */
export type Terminal = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readSecret: (prompt: string) => Promise<string>;
  readonly exit: (code: number) => void;
};

export const clientFor = ({ url, tenant }: GlobalOptions): Trunkline => {
  const config = readConfig(url === undefined ? {} : { url });
  return new Trunkline({ baseUrl: config.url, apiKey: config.apiKey, tenantId: tenant });
};
