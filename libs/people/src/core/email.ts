// what reaches a mailbox in practice: RFC 5321's dot-string, with no quotes, comments or address literals
const ADDRESS = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** An address in its one spelling, lower case; undefined when it is none. */
export const canonicalEmail = (text: string): string | undefined => {
  const email = text.trim().toLowerCase();
  return email.length <= 254 && ADDRESS.test(email) && !email.includes('..') ? email : undefined;
};

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);
