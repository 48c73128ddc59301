// What a flood of REGISTER from one address does to the calls of others, and how soon it gets no more answers: agent and Kamailio as in an
// installation, a PBX that calls with a password ten times a second, quiet and flooded in turns.
import { setTimeout as sleep } from 'node:timers/promises';
import { SipPeer } from '@trunkline/testing/sip';
import { EdgeUnderTest } from '../../apps/edge/test/edge-under-test.ts';
import { RawPhone } from '../../apps/edge/test/raw-phone.ts';
import { registerFlood, type FloodKind, type FloodResult } from '../../apps/edge/test/register-flood.ts';
import { ABROAD, CARRIER, LOGIN, NET, OWN, PORT, benchWorld } from './edge/bench-world.ts';
import { CleanUp } from './edge/clean-up.ts';
import { machine, quantile, report, say } from './report.mjs';

const [ROUNDS = 2, SECONDS = 15, FLOOD_PER_SECOND = 100] = process.argv.slice(2).map(Number);
const CALLS_PER_SECOND = 10;
const EDGE = `${NET}.1`;
const CALLER = `${NET}.41`;
const SHUT_OUT_WITHIN_SECS = 5;
const KINDS: readonly FloodKind[] = ['asks', 'guesses'];

/** Calls, evenly paced, for that long. @returns ms from each first INVITE to its 200, challenge and password between. @throws unless every one was answered */
const callsFor = async (phone: RawPhone, seconds: number): Promise<number[]> => {
  const setUp: number[] = [];
  const place = async (): Promise<void> => {
    const began = performance.now();
    const call = await phone.call({ number: ABROAD, login: LOGIN });
    if (call.status !== 200) throw new Error(`a legitimate call was answered ${call.status}`);
    setUp.push(performance.now() - began);
    await phone.hangUp(call);
  };
  const placed: Promise<void>[] = [];
  for (let i = 0; i < seconds * CALLS_PER_SECOND; i++) {
    placed.push(place());
    await sleep(1000 / CALLS_PER_SECOND);
  }
  await Promise.all(placed);
  return setUp;
};

const cleanUp = new CleanUp();
try {
  const edge = new EdgeUnderTest('bench', EDGE);
  cleanUp.add(() => edge.stop());
  await edge.start(benchWorld);
  const carrier = await SipPeer.open(CARRIER, PORT);
  carrier.answer = () => 200;
  cleanUp.add(() => carrier.close());
  const caller = await SipPeer.open(CALLER, 5060);
  cleanUp.add(() => caller.close());
  const phone = new RawPhone(caller, edge.sip, OWN);
  await callsFor(phone, 3); // to warm up
  say(`${machine()}; ${CALLS_PER_SECOND} calls/s with a password, REGISTER at ${FLOOD_PER_SECOND}/s from one address`);
  const [quiet, flooded, floods]: [number[], number[], FloodResult[]] = [[], [], []];
  for (let turn = 0; turn < ROUNDS * KINDS.length; turn++) {
    quiet.push(...(await callsFor(phone, SECONDS)));
    const flood = { from: `${NET}.${60 + turn}`, edge: edge.sip, perSecond: FLOOD_PER_SECOND, seconds: SECONDS };
    const [result, calls] = await Promise.all([registerFlood(KINDS[turn % KINDS.length]!, flood), callsFor(phone, SECONDS)]);
    floods.push(result);
    flooded.push(...calls);
    say(
      `  ${result.kind === 'asks' ? 'without credentials' : 'guessing passwords'}: ${result.answered} of ${result.sent} answered, the last after ${result.lastAnswerSecs.toFixed(2)} s`,
    );
  }
  const worst = Math.max(...floods.map((f) => f.lastAnswerSecs));
  if (worst > SHUT_OUT_WITHIN_SECS) throw new Error(`a flood was still answered after ${worst.toFixed(1)} s`);
  const [p50, p95] = [quantile(flooded, 0.5), quantile(flooded, 0.95)] as [number, number];
  const [quietP50, quietP95] = [quantile(quiet, 0.5), quantile(quiet, 0.95)] as [number, number];
  say(
    `${quiet.length} calls in quiet: p50 ${quietP50.toFixed(2)} ms, p95 ${quietP95.toFixed(2)} ms; ${flooded.length} during floods: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms; all answered`,
  );
  report({
    name: 'flood',
    figure: p95,
    unit: 'ms, p95, first INVITE to 200 of calls with a password during a flood',
    yardstick: quietP95,
    yardstick_name: 'the same without a flood, ms',
    p50: Number(p50.toFixed(2)),
    seconds_until_shut_out: Number(worst.toFixed(2)),
  });
} finally {
  await cleanUp.run();
}
