const violates = (error: unknown, code: string, constraint: string): boolean => {
  const e = error as { code?: string; constraint?: string };
  return e?.code === code && e.constraint === constraint;
};

/** True when `error` is Postgres refusing a duplicate of the named constraint or index. */
export const isUniqueViolation = (error: unknown, constraint: string): boolean => violates(error, '23505', constraint);

/** True when `error` is Postgres refusing a reference to what is not there, or the removal of what is referred to. */
export const isForeignKeyViolation = (error: unknown, constraint: string): boolean => violates(error, '23503', constraint);
