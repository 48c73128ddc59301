import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Whether webhooks may also go to private addresses, without TLS and to any port: for development only. */
export const ALLOW_PRIVATE_WEBHOOKS = Symbol('AllowPrivateWebhooks');

const PORTS: readonly string[] = ['', '443', '8443'];

/** The host of a URL, an IPv6 address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/**
 * Why nothing may be sent to a URL as it is written; undefined when it may. An address in it is checked here, since no look-up will see it;
 * a name is checked when it is resolved. The URL parser has already read 127.1, 0x7f000001 and their like for what they are.
 */
export const faultOfUrl = (text: string, allowPrivate: boolean): string | undefined => {
  if (!URL.canParse(text)) return 'is no absolute URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must hold no user name or password';
  if (url.hash !== '') return 'must have no fragment';
  if (allowPrivate) return undefined;
  if (!PORTS.includes(url.port)) return 'must have port 443 or 8443';
  if (isIP(hostOf(url)) !== 0 && !isPublicAddress(hostOf(url))) return 'names an address that is not on the open Internet';
  return undefined;
};
