import { Injectable } from '@nestjs/common';
import { Metrics } from '@trunkline/platform';

@Injectable()
export class GatewayMetrics {
  readonly connected;
  readonly entriesSent;
  readonly cdrLines;
  readonly propagation;

  constructor(metrics: Metrics) {
    this.connected = metrics.gauge('edge_connected', 'Edges connected to this process');
    this.entriesSent = metrics.counter('edge_entries_sent_total', 'Entries sent to edges', ['edge']);
    this.cdrLines = metrics.counter('edge_cdr_lines_total', 'CDR lines taken from edges and stored', ['edge']);
    this.propagation = metrics.histogram('edge_propagation_seconds', 'From an entry being written to its acknowledgement', ['edge']);
  }
}
