// A client that asks so many times a second, evenly and whatever it is answered, until it is told to end; then says how often it was answered what.
// See noisy-neighbour.mjs.
import { Agent, request } from 'node:http';

const { URL: url, KEY, PER_SEC } = process.env;
const TICK_MS = 5;
const WAITING_MAX = 500; // it does not wait for answers, but neither does it fill the memory
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const options = { agent, headers: { authorization: `Bearer ${KEY}` } };
const answers = { unsent: 0 };
let waiting = 0;

const ask = () => {
  if (waiting >= WAITING_MAX) return void (answers.unsent += 1);
  waiting += 1;
  const done = (what) => {
    waiting -= 1;
    answers[what] = (answers[what] ?? 0) + 1;
  };
  request(url, options, (answer) => answer.resume().on('end', () => done(answer.statusCode)))
    .on('error', () => done('broken'))
    .end();
};

const begun = performance.now();
let sent = 0;
const timer = setInterval(() => {
  for (const due = ((performance.now() - begun) / 1000) * Number(PER_SEC); sent < due; sent += 1) ask();
}, TICK_MS);
process.on('SIGTERM', () => {
  clearInterval(timer);
  process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit());
});
