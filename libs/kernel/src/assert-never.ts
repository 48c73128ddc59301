/** Makes a `switch` over a union exhaustive: a new member stops compiling here. */
export const assertNever = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
