import { cpus, totalmem } from 'node:os';

/** The value that `share` of the sorted samples do not exceed. */
export const quantile = (samples, share) => {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

export const median = (samples) => quantile(samples, 0.5);

/** A line for people. */
export const say = (text) => console.log(text);

/** What the figures belong to. */
export const machine = () =>
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.versions.node}`;

/**
 * The last line of every benchmark, for programs: the figure, and the same work by the yardstick in the same run.
 * @param {{name: string, figure: number, unit: string, yardstick: number, yardstick_name: string, p50?: number, p99?: number}} result ratio is figure / yardstick
 */
export const report = (result) => {
  const round = (n) => (n === undefined ? undefined : Number(n.toPrecision(4)));
  const { name, figure, unit, yardstick, yardstick_name, ...rest } = result;
  console.log(
    JSON.stringify({
      name,
      figure: round(figure),
      unit,
      yardstick: round(yardstick),
      yardstick_name,
      ratio: round(figure / yardstick),
      ...rest,
    }),
  );
};
