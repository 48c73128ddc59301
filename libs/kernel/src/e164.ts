/** A number as ITU-T E.164 writes it: `+`, then 6 to 15 digits, the first not 0. */
export type E164 = `+${string}`;

const E164_PATTERN = /^\+[1-9]\d{5,14}$/;

export const isE164 = (text: string): text is E164 => E164_PATTERN.test(text);

/** Keeps what people copy out of mails and sheets: spaces, dots, dashes and brackets go. Returns undefined when the rest is no E.164 number. */
export const parseE164 = (text: string): E164 | undefined => {
  const bare = text.replace(/[\s().-]/g, '');
  return isE164(bare) ? bare : undefined;
};
