/** `#` must be escaped in a user part (RFC 3261 §25.1), and not every PBX does. */
const plain = (user: string): string => user.replace(/%23/g, '#').replace(/%2a/gi, '*');

export const hasTechPrefix = (user: string, prefix: string): boolean => plain(user).substring(0, prefix.length) === prefix;

/** What was dialled without the trunk's tech prefix; as it is where there is none before it. */
export const withoutTechPrefix = (user: string, prefix: string | null): string =>
  prefix !== null && hasTechPrefix(user, prefix) ? plain(user).substring(prefix.length) : user;
