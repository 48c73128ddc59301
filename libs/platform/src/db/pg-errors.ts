/** True when `error` is Postgres refusing a duplicate of the named constraint or index. */
export const isUniqueViolation = (error: unknown, constraint: string): boolean => {
  const e = error as { code?: string; constraint?: string };
  return e?.code === '23505' && e.constraint === constraint;
};
