// From starting an edge that holds a million numbers until it carries its first call: agent and Kamailio as in an installation, the control
// plane gone, everything from the edge's own file. Yardstick: another process that reads the same file into its memory, in turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { compile, numberEntry } from '@trunkline/edge-core';
import { SipPeer } from '@trunkline/testing/sip';
import { EntryStore } from '../../apps/edge/agent/entry-store.ts';
import { EdgeUnderTest } from '../../apps/edge/test/edge-under-test.ts';
import { CARRIER, NET, PBX, PORT, benchWorld, numbersFrom } from './edge/bench-world.ts';
import { CleanUp } from './edge/clean-up.ts';
// @ts-expect-error: plain JavaScript without declarations
import { inviteProbe } from './invite-probe.mjs';
import { machine, median, report, say } from './report.mjs';

const [ROUNDS = 5, NUMBERS = 1_000_000] = process.argv.slice(2).map(Number);
const FIRST = 12_023_000_000;
const PIECE = 20_000;
const DECLINED = 603; // an answer that no edge gives by itself
const EVERY_MS = 20; // what comes before the edge is ready waits in its socket: not so much that it would be busy with it
const READER = join(import.meta.dirname, 'edge/read-entries.mjs');

/** Writes them as the agent does, into a file that no agent has open. */
const fill = (file: string): void => {
  const store = new EntryStore(file);
  for (let done = 0; done < NUMBERS; done += PIECE)
    store.apply(numbersFrom(FIRST + done, Math.min(PIECE, NUMBERS - done)).map(numberEntry), store.cursor() + 1);
  store.close();
};

type Probe = { untilTaken: (number: string) => Promise<{ ms: number }>; stop: () => void };

/** Starts the edge, calls one number after the other until a call is carried, and stops it. @returns seconds */
const restart = async (edge: EdgeUnderTest, probe: Probe, round: number): Promise<number> => {
  edge.startAgent();
  const { ms } = await probe.untilTaken(`+${FIRST + ((round * 7919) % NUMBERS)}`).catch((error: Error) => {
    throw new Error(`${error.message}\n${edge.output}`);
  });
  await edge.signalAgent('SIGTERM');
  return ms / 1000;
};

/** A process that reads every row of every kind into a Map. @returns seconds from its start to its end */
const readBySomebodyElse = async (file: string): Promise<number> => {
  const began = performance.now();
  const [code] = (await once(
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', READER, file], { stdio: 'inherit' }),
    'exit',
  )) as [number];
  if (code !== 0) throw new Error(`reading ${file} ended with ${code}`);
  return (performance.now() - began) / 1000;
};

const cleanUp = new CleanUp();
try {
  const pbx = await SipPeer.open(PBX, PORT);
  pbx.answer = () => DECLINED; // the call is over at once
  cleanUp.add(() => pbx.close());
  const edge = new EdgeUnderTest('bench', `${NET}.1`);
  cleanUp.add(() => edge.stop());
  await edge.start(benchWorld); // which enrols it
  await edge.signalAgent('SIGTERM');
  await edge.gateway.close();
  const probe: Probe = await inviteProbe({ from: `${CARRIER}:${PORT}`, edge: edge.sip, declined: DECLINED, everyMs: EVERY_MS });
  cleanUp.add(() => probe.stop());
  const file = join(edge.dataDir, 'entries.db');
  fill(file);
  say(
    `${machine()}; ${NUMBERS + compile(benchWorld).length} entries, ${Math.round(statSync(file).size / 2 ** 20)} MiB, nobody at the gateway's address`,
  );
  const [taken, read]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    taken.push(await restart(edge, probe, round));
    read.push(await readBySomebodyElse(file));
    say(
      `  round ${round + 1}: first call carried after ${taken.at(-1)!.toFixed(2)} s; the file read by another process in ${read.at(-1)!.toFixed(2)} s`,
    );
  }
  report({
    name: 'edge-restart',
    figure: median(taken),
    unit: `s, starting the process to the first call carried, ${NUMBERS} numbers`,
    yardstick: median(read),
    yardstick_name: 'another process reads the same file into its memory, s',
    p50: Number(median(taken).toFixed(2)),
    worst: Number(Math.max(...taken).toFixed(2)),
  });
} finally {
  await cleanUp.run();
}
