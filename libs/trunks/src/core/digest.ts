/** The string whose hash is HA1 (RFC 7616 §3.4.2, without the session variant). */
export const ha1Input = (username: string, realm: string, password: string): string => `${username}:${realm}:${password}`;
