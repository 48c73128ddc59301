import { Injectable } from '@nestjs/common';
import { Metrics } from '@trunkline/platform';

/** What this process has seen of edges. Edges are few, and so are codes: no label grows with traffic. */
@Injectable()
export class GatewayMetrics {
  readonly connected;
  readonly entriesSent;
  readonly cdrLines;
  readonly cdrBatches;
  readonly drifts;
  readonly resyncs;
  readonly refusals;
  readonly propagation;

  constructor(metrics: Metrics) {
    this.connected = metrics.gauge('edge_connected', 'Edges connected to this process');
    this.entriesSent = metrics.counter('edge_entries_sent_total', 'Entries sent to edges', ['edge']);
    this.cdrLines = metrics.counter('edge_cdr_lines_total', 'CDR lines taken from edges and stored', ['edge']);
    this.cdrBatches = metrics.counter('edge_cdr_batches_total', 'CDR batches taken from edges and stored', ['edge']);
    this.drifts = metrics.counter('edge_drifts_total', 'Times that an edge held other entries than it had acknowledged', ['edge']);
    this.resyncs = metrics.counter('edge_resyncs_total', 'Full sets sent because of drift or because an operator asked', ['edge']);
    this.refusals = metrics.counter('edge_refusals_total', 'Connections turned away', ['code']);
    this.propagation = metrics.histogram('edge_propagation_seconds', 'From an entry being written to its acknowledgement', ['edge']);
  }
}
