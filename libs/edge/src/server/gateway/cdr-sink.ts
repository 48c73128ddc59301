/**
 * Where CDR lines go. Bound by the application: the edge does not know what a call record is worth.
 * A line is told apart by what is in it, so the same one may come any number of times.
 */
export abstract class CdrSink {
  /** Resolves once all lines are committed, good ones and bad ones alike. @throws when nothing was: the edge keeps the lines and sends them again */
  abstract store(edgeId: string, lines: readonly string[]): Promise<void>;
}
