import { z } from 'zod';

/** Settings of ports' papers in the environment of whatever process has them. */
export const portPapersEnv = {
  OPERATOR_NAME: z
    .string()
    .min(1)
    .max(80)
    .default('Trunkline')
    .describe('The name of whoever runs the platform, as letters of authority have it'),
};

export type PortPapersConfig = {
  readonly gainingCarrier: string;
  /** Where people reach the platform: links to share begin with it. Without a slash at the end. */
  readonly publicUrl: string;
};
export const PORT_PAPERS = Symbol('PortPapers');
