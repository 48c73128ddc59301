/**
 * A SIP URI that we may send a call to: `sip:` or `sips:`, an optional user, a host name, IPv4 or bracketed IPv6 address, an optional
 * port and parameters (RFC 3261 §19.1), no headers. Nothing in it can be mistaken for the separators of the edge's own lists.
 */
const TARGET =
  /^sips?:(?:[A-Za-z0-9_.!~*'()&=+$,;?\/%-]+@)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:;[A-Za-z0-9_.!~*'()%=-]+)*$/;

export const isTargetUri = (uri: string): boolean => uri.length <= 255 && TARGET.test(uri);

/** The host of a URI without a user, an IPv6 address with its brackets. Empty where it has none. */
export const hostOf = (uri: string): string => {
  const match = /^sips?:(\[[^\]]+\]|[^:;]+)/.exec(uri);
  return match === null ? '' : match[1] || '';
};

/** Where an edge listens for TLS: at the port above its own, as 5061 is above 5060 (RFC 3261 §19.1.2). */
export const tlsAddressOf = (sipAddress: string): string => {
  const colon = sipAddress.indexOf(':');
  return sipAddress.substring(0, colon + 1) + (Number(sipAddress.substring(colon + 1)) + 1);
};

/** The URI to send: a target without a user part takes the called number. */
export const withUser = (uri: string, user: string): string => {
  if (uri.indexOf('@') >= 0) return uri;
  const scheme = uri.indexOf(':') + 1;
  return uri.substring(0, scheme) + user + '@' + uri.substring(scheme);
};

/**
 * Where to ask whether a target is alive: its host and port. Null where a question by UDP over IPv4 would say nothing about it. Equal for all
 * targets behind one address, whatever user they name.
 */
export const probeTargetOf = (uri: string): string | null => {
  const match = /^sip:(?:[^@]*@)?([A-Za-z0-9.-]+(?::[0-9]+)?)((?:;.*)?)$/.exec(uri);
  if (match === null || /;(maddr=|transport=(?!udp(;|$)))/i.test(match[2] || '')) return null;
  return (match[1] || '').toLowerCase();
};
