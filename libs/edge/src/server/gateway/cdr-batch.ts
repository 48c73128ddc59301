import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** An agent sends 500 lines of about 1 KiB at a time. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The lines of a `cdrs` message. @throws when it is no gzip, or inflates to more than 32 MiB */
export const unpackCdrs = async (base64: string): Promise<string[]> => {
  const text = await promisify(gunzip)(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_BYTES });
  return text.toString('utf8').split('\n').filter((line) => line !== ''); // prettier-ignore
};
