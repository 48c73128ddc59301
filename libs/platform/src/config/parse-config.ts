import type { z } from 'zod';

/**
 * Reads a process's configuration once. Lists every fault by variable name and never prints a value, which might be a secret.
 * @throws Error with one line per fault
 */
export const parseConfig = <T>(schema: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T => {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    (i) => `  ${i.path.join('.')}: ${i.code === 'invalid_type' ? 'missing or of the wrong type' : i.message}`,
  );
  throw new Error(`configuration is not valid:\n${[...new Set(faults)].join('\n')}`);
};
