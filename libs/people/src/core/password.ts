export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 256;

/** Why a password is not taken; undefined when it is. Length counts (NIST SP 800-63B §3.1.1), what kinds of characters does not. */
export const faultOfPassword = (password: string, email: string): string | undefined => {
  const bare = password.toLowerCase();
  if (new Set(bare).size < 5) return 'has too few different characters';
  if (bare.includes(email) || bare.replace(/[^a-z0-9]/g, '') === email.replace(/[^a-z0-9]/g, '')) return 'must not be the e-mail address';
  return undefined;
};
