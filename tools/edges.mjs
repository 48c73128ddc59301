// The SIP edges of one installation: an agent each, which looks after its Kamailio. Each has a folder under <data>/edges.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, findProcesses, identity, parentOf, stopProcess } from './processes.mjs';
import { fromSource, inherited } from './services.mjs';
import { reachable } from './settings.mjs';

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Secrets of the control plane stay there: an edge gets its folder, its address and the way to the gateway. */
function agentEnv({ settings, env }, dir, { sipAddress, enrolToken }) {
  const gateway = `ws://${reachable(settings.gatewayHost)}:${settings.ports.gateway}`;
  const { ENCRYPTION_KEY: _key, STRIPE_API_KEY: _stripe, STRIPE_WEBHOOK_SECRET: _webhook, ...rest } = inherited(env);
  const token = enrolToken ? { EDGE_ENROL_TOKEN: enrolToken } : {};
  return { ...rest, EDGE_DATA_DIR: dir, EDGE_SIP_ADDRESS: sipAddress, EDGE_GATEWAY_URL: gateway, ...token };
}

/** @param context `{settings, env, supervisor}` */
export function edgesOf(context) {
  const folder = join(context.settings.dataDir, 'edges');
  const started = new Set();

  /** Starts the agent of an edge: `{name, sipAddress: 'ip:port', enrolToken?}`. An edge that already runs is left alone. */
  async function startEdge({ name, sipAddress, enrolToken }) {
    if (!NAME.test(name)) throw new Error(`"${name}" cannot name an edge: letters a–z, digits and hyphens`);
    if (started.has(name)) return;
    started.add(name);
    const dir = join(folder, name);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileSync(join(dir, 'edge.json'), JSON.stringify({ name, sipAddress }));
    const env = agentEnv(context, dir, { sipAddress, enrolToken });
    await context.supervisor.start({ name: `edge-${name}`, ...fromSource('apps/edge/agent/main.ts'), env, ready: () => true });
  }

  /** Starts the edges that an earlier start created. */
  async function startKnownEdges() {
    const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'edge.json')) : [];
    for (const file of files.filter(existsSync)) await startEdge(JSON.parse(readFileSync(file, 'utf8')));
  }

  return { startEdge, startKnownEdges };
}

/** Stops every Kamailio that was started on a folder under `<data>/edges`: what a killed agent leaves behind. */
export async function stopOrphanKamailio(dataDir) {
  const folder = join(dataDir, 'edges/');
  const ours = findProcesses((pid) => {
    const line = commandLine(pid) ?? '';
    return /^\S*kamailio\b/.test(line) && line.includes(folder);
  });
  const ids = ours.map((pid) => ({ ...identity(pid), leads: !ours.includes(parentOf(pid)) }));
  for (const id of ids.filter((i) => i.leads)) await stopProcess(id, { graceMs: 5_000 });
  for (const id of ids) await stopProcess(id, { graceMs: 1_000 });
}
