export type BenchDatabase = {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  stop(): Promise<void>;
};
export function startBenchDatabase(options?: { readonly flags?: readonly string[] }): Promise<BenchDatabase>;
