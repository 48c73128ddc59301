import { SESSION_MS } from './sessions.sql.ts';

/** `__Host-`: of this very host, for all of it, and never over plain HTTP (RFC 6265bis §4.1.3.2). Development without TLS does without. */
const nameFor = (publicUrl: string): string => (publicUrl.startsWith('https:') ? '__Host-trunkline_session' : 'trunkline_session');
const attributes = (publicUrl: string): string => `Path=/; HttpOnly; SameSite=Strict${publicUrl.startsWith('https:') ? '; Secure' : ''}`;

export const sessionCookie = (publicUrl: string, token: string): string =>
  `${nameFor(publicUrl)}=${token}; Max-Age=${SESSION_MS / 1000}; ${attributes(publicUrl)}`;
export const noSessionCookie = (publicUrl: string): string => `${nameFor(publicUrl)}=; Max-Age=0; ${attributes(publicUrl)}`;

/** What a browser keeps while it is at an identity provider. Lax: it comes back from another site. */
const awayName = (publicUrl: string): string => nameFor(publicUrl).replace('session', 'sso');
export const awayCookie = (publicUrl: string, value: string, maxAgeSecs: number): string =>
  `${awayName(publicUrl)}=${value}; Max-Age=${maxAgeSecs}; ${attributes(publicUrl).replace('Strict', 'Lax')}`;
export const awayIn = (header: string | undefined, publicUrl: string): string | undefined => cookieNamed(header, awayName(publicUrl));

/** The value of a cookie; undefined when it is missing, or there twice and so not surely ours. */
export const cookieNamed = (header: string | undefined, name: string): string | undefined => {
  const values = (header ?? '')
    .split(';')
    .flatMap((pair) => (pair.trim().startsWith(`${name}=`) ? [pair.trim().slice(name.length + 1)] : []));
  return values.length === 1 ? values[0] : undefined;
};

export const sessionTokenIn = (header: string | undefined, publicUrl: string): string | undefined => {
  const token = cookieNamed(header, nameFor(publicUrl));
  return token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined;
};
