/** Headers of a page for people. @param policy what it needs of the Content-Security-Policy beyond nothing at all */
export const pageHeaders = (policy: string): Readonly<Record<string, string>> => ({
  'content-security-policy': `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ${policy}`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
});
