const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 = /^[0-9A-Fa-f:.]{2,45}$/;
const IPV4_MAPPED = /^::ffff:/;

/**
 * The one spelling of an address: IPv4 in four decimals, IPv6 as RFC 5952 writes it. Addresses are compared as texts, so each may be kept
 * in this spelling only. Undefined for what is no address, and for IPv4 dressed up as IPv6, which would be a second spelling.
 */
export const canonicalAddress = (text: string): string | undefined => {
  if (IPV4.test(text)) return text;
  if (!IPV6.test(text) || !text.includes(':') || !URL.canParse(`http://[${text}]`)) return undefined;
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  return IPV4_MAPPED.test(canonical) ? undefined : canonical;
};
