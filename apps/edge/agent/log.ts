/** One line of JSON per event on stdout. Fields must not carry secrets: tokens, keys and HA1 never pass through here. */
export const log = (level: 'info' | 'warn' | 'error', msg: string, fields: Readonly<Record<string, unknown>> = {}): void => {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), app: 'edge', msg, ...fields })}\n`);
};

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
