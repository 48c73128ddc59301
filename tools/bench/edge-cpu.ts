// What a call costs Kamailio in CPU time, from INVITE to the end of its transactions, half of the calls inbound and half outbound: the edge as it
// is, the same edge that keeps nothing of a call on disk, and a relay that knows nothing, in turns.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Sipp, sippCall, type SippOptions } from '@trunkline/testing/sip';
import { ABROAD, CARRIER, NET, OWN, PBX, PORT } from './edge/bench-world.ts';
import { CleanUp } from './edge/clean-up.ts';
import { KamailioUnderLoad, type Changes } from './edge/kamailio-under-load.ts';
import { machine, median, report, say } from './report.mjs';

const [ROUNDS = 5, PER_SECOND = 100, SECONDS = 8] = process.argv.slice(2).map(Number);
const EACH_WAY = (PER_SECOND * SECONDS) / 2;
const HOLD_MS = 2000; // longer than a disk may keep a worker from passing on the ACK: SIPp takes no BYE before it
const SETTLE_MS = 6000; // the last transaction is gone 5 s after its BYE
const IDLE_MS = 10_000;
const EDGE_FILES = fileURLToPath(new URL('../../apps/edge/kamailio', import.meta.url));
const RELAY_FILES = fileURLToPath(new URL('./edge/bare-relay', import.meta.url));

const INSERT = 'sql_query("spool", "insert or ignore into spool(uid,kind,he,hi,line) values($var(values))"))';

/** Decision, dialogs, channels and the text of each record as ever; but dialogs are in memory alone, and no record is written. */
const NOTHING_STORED: Changes = [
  ['modules.cfg', 'modparam("dialog", "db_mode", 1)', 'modparam("dialog", "db_mode", 0)'],
  ['cdr.cfg', `if (!${INSERT} {\n`, `if ($var(kind) == $null && !${INSERT} {\n`],
];

/** All calls of one turn, both ways at once. @throws unless every one was answered and ended */
const playCalls = async (edge: KamailioUnderLoad): Promise<void> => {
  const play = async (from: string, over: Partial<SippOptions>) => {
    const pace = { calls: EACH_WAY, perSecond: PER_SECOND / 2, holdMs: HOLD_MS, timeoutMs: (SECONDS + 30) * 1000 };
    const { exitCode, statuses, output } = await sippCall({
      scenario: 'call',
      local: `${from}:5070`,
      remote: edge.sipAddress,
      ...pace,
      ...over,
    });
    if (exitCode !== 0 || statuses[200] !== EACH_WAY)
      throw new Error(`${edge.name}: ${JSON.stringify(statuses)} of ${EACH_WAY} calls\n${output}`);
  };
  await Promise.all([
    play(CARRIER, { number: OWN, keys: { from_user: '+13105550000' } }),
    play(PBX, { number: ABROAD, keys: { from_user: OWN } }),
  ]);
};

/** @returns ms of CPU per call beyond what the idle edge takes */
const turn = async (edge: KamailioUnderLoad, idleShare: number): Promise<number> => {
  const [cpu, began] = [edge.cpuSeconds(), performance.now()];
  await playCalls(edge);
  await sleep(SETTLE_MS);
  const idle = (idleShare * (performance.now() - began)) / 1000;
  return ((edge.cpuSeconds() - cpu - idle) * 1000) / (2 * EACH_WAY);
};

const idleShares = async (edges: readonly KamailioUnderLoad[]): Promise<number[]> => {
  const before = edges.map((e) => e.cpuSeconds());
  await sleep(IDLE_MS);
  return edges.map((e, i) => (e.cpuSeconds() - before[i]!) / (IDLE_MS / 1000));
};

const cleanUp = new CleanUp();
try {
  const stored = new KamailioUnderLoad('everything stored', `${NET}.1:5060`, EDGE_FILES);
  const forgetful = new KamailioUnderLoad('nothing stored', `${NET}.2:5060`, EDGE_FILES, NOTHING_STORED);
  const relay = new KamailioUnderLoad('bare relay', `${NET}.3:5060`, RELAY_FILES);
  const edges = [stored, forgetful, relay];
  for (const edge of edges) {
    cleanUp.add(() => edge.stop());
    await edge.start();
  }
  for (const address of [CARRIER, PBX]) {
    const answerer = await Sipp.start({ scenario: 'answer', local: `${address}:${PORT}`, timeoutMs: 3_600_000 });
    cleanUp.add(() => answerer.stop());
  }
  await playCalls(forgetful)
    .then(() => playCalls(relay))
    .then(() => playCalls(stored)); // to warm up
  await sleep(SETTLE_MS);
  const idle = await idleShares(edges);
  say(
    `${machine()}; ${2 * EACH_WAY} calls a turn at ${PER_SECOND}/s, half of them inbound; idle: ${edges.map((e, i) => `${e.name} ${(idle[i]! * 100).toFixed(1)} %`).join(', ')} of one core`,
  );
  const costs: number[][] = edges.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (let n = 0; n < edges.length; n++) {
      const i = (round + n) % edges.length; // none is always the first
      costs[i]!.push(await turn(edges[i]!, idle[i]!));
    }
    say(`  round ${round + 1}: ${edges.map((e, i) => `${e.name} ${costs[i]!.at(-1)!.toFixed(3)} ms`).join(', ')}`);
  }
  const calls = 2 * EACH_WAY * (ROUNDS + 1);
  if (stored.records.start !== calls || stored.records.end !== calls)
    throw new Error(`${JSON.stringify(stored.records)} records of ${calls} calls`);
  if (forgetful.records.end > 0) throw new Error('records were stored where nothing was to be');
  const [figure, yardstick, bare] = costs.map((c) => median(c) as number) as [number, number, number];
  say(
    `${calls} calls of the edge left ${stored.records.start} start and ${stored.records.end} end records; against the bare relay ${(figure / bare).toFixed(2)}`,
  );
  report({
    name: 'edge-cpu',
    figure,
    unit: 'ms of CPU of all Kamailio processes per call, everything stored',
    yardstick,
    yardstick_name: 'the same decision and route files with nothing stored, ms',
    bare_relay_ms: Number(bare.toFixed(3)),
    ratio_to_bare_relay: Number((figure / bare).toFixed(2)),
  });
} finally {
  await cleanUp.run();
}
