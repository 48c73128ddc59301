export { TrunklineError } from './error.ts';
export type { FieldError } from './error.ts';
export type * from './generated/types.ts';
export { Trunkline, allOf } from './trunkline.ts';
export type { AnyRequest, TrunklineOptions } from './trunkline.ts';
