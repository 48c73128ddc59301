const violates = (error: unknown, codes: readonly string[], constraint: string): boolean => {
  const e = error as { code?: string; constraint?: string };
  return e?.code !== undefined && codes.includes(e.code) && e.constraint === constraint;
};

/** True when `error` is Postgres refusing a duplicate of the named constraint or index. */
export const isUniqueViolation = (error: unknown, constraint: string): boolean => violates(error, ['23505'], constraint);

/** True when `error` is Postgres refusing a row that breaks the named rule. */
export const isCheckViolation = (error: unknown, constraint: string): boolean => violates(error, ['23514'], constraint);

/** True when `error` is Postgres refusing a row that the named exclusion constraint holds apart from another. */
export const isExclusionViolation = (error: unknown, constraint: string): boolean => violates(error, ['23P01'], constraint);

/** True when `error` is Postgres refusing a reference to what is not there, or the removal of what is referred to (23001 since 18, when restricted). */
export const isForeignKeyViolation = (error: unknown, constraint: string): boolean => violates(error, ['23503', '23001'], constraint);
