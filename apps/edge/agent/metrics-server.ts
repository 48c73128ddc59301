import { createServer, type ServerResponse } from 'node:http';
import { Gauge, Registry } from 'prom-client';
import type { EdgeStatus } from '@trunkline/edge-core';
import type { KamailioRpc } from './kamailio-rpc.ts';
import { log, reasonOf } from './log.ts';

/** The groups of Kamailio's counters that are shown. Their names are fixed by its modules: traffic adds none. */
const GROUPS = ['core', 'dialog', 'registrar', 'shmem', 'tmx', 'usrloc'];

export type Figures = Pick<EdgeStatus, 'kamailio' | 'applied_version' | 'spool_depth' | 'active_calls'> & { readonly link: boolean };

/** GET /metrics for Prometheus, on an address of its own. No figure is secret, but nobody proves who asks: keep it on loopback. */
export class MetricsServer {
  private readonly http = createServer((request, response) => void this.answer(request.url ?? '', response));

  constructor(
    private readonly address: string,
    private readonly rpc: KamailioRpc,
    private readonly figures: () => Promise<Figures>,
  ) {}

  /** An address that cannot be had costs the figures, not the edge. */
  open(): void {
    const [host, port] = this.address.split(':');
    this.http.on('error', (error) => log('error', 'metrics', { reason: reasonOf(error) }));
    this.http.listen(Number(port), host);
  }

  close(): void {
    this.http.close();
    this.http.closeAllConnections();
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    if (path !== '/metrics') return void response.writeHead(404).end();
    try {
      const registry = new Registry();
      await this.collect(registry);
      response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
    } catch (error) {
      log('warn', 'no metrics', { reason: reasonOf(error) });
      response.writeHead(503).end();
    }
  }

  private async collect(registry: Registry): Promise<void> {
    const show = (name: string, help: string, value: number) => new Gauge({ name, help, registers: [registry] }).set(value);
    const { kamailio, applied_version, spool_depth, active_calls, link } = await this.figures();
    show('edge_kamailio_up', '1 while Kamailio runs on what the gateway sent', Number(kamailio === 'up'));
    show('edge_link_up', '1 while the gateway knows this edge', Number(link));
    show('edge_applied_version', 'The configuration that Kamailio runs', applied_version);
    show('edge_spool_records', 'Call records that are not stored yet', spool_depth);
    show('edge_active_calls', 'Calls, those being set up included', active_calls);
    if (kamailio !== 'up') return;
    for (const group of GROUPS) {
      const [counters] = (await this.rpc.call('cnt.grp_get_all', group)) as [Record<string, number>];
      for (const [name, value] of Object.entries(counters)) show(nameOf(group, name), `Kamailio's ${group}.${name}`, Number(value));
    }
  }
}

const nameOf = (group: string, name: string): string => `kamailio_${group}_${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`;
