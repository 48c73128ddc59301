import { Wakeable } from './wakeable.ts';

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
};

describe('Wakeable', () => {
  it('runs once more for any number of wake-ups during a run, never two at once', async () => {
    const first = gate();
    let runs = 0;
    let active = 0;
    const wakeable = new Wakeable(async () => {
      expect(++active).toBe(1);
      if (++runs === 1) await first.opened;
      active--;
    }, fail);
    wakeable.wake();
    wakeable.wake();
    wakeable.wake();
    first.open();
    await new Promise((r) => setImmediate(r));
    expect(runs).toBe(2);
    await wakeable.stop();
  });

  it('waits for the run under way when it is stopped, and starts nothing more', async () => {
    const held = gate();
    let runs = 0;
    const wakeable = new Wakeable(async () => {
      runs++;
      await held.opened;
    }, fail);
    wakeable.wake();
    wakeable.wake();
    const stopped = wakeable.stop();
    held.open();
    await stopped;
    wakeable.wake();
    expect(runs).toBe(1);
  });

  it('reports a failure and tries again', async () => {
    const errors: unknown[] = [];
    const again = gate();
    let runs = 0;
    const wakeable = new Wakeable(
      async () => {
        if (++runs === 1) throw new Error('once');
        again.open();
      },
      (error) => errors.push(error),
    );
    wakeable.wake();
    await again.opened;
    expect(errors).toHaveLength(1);
    await wakeable.stop();
  });
});

const fail = (error: unknown): never => {
  throw error;
};
