import type { Command } from 'commander';
import { applySteps } from './declare/apply.ts';
import { readCurrent } from './declare/current.ts';
import { exported } from './declare/export.ts';
import { readDesired } from './declare/file.ts';
import { makePlan } from './declare/plan.ts';
import { describePlan, labelOf } from './declare/report.ts';
import { EXIT, UsageError } from './failure.ts';
import { textFrom } from './field-values.ts';
import { clientFor } from './session.ts';
import type { GlobalOptions, Terminal } from './session.ts';

const planFor = async (program: Command, file: string, prune: boolean) => {
  const name = file === '-' ? 'stdin' : file;
  const desired = readDesired(name, textFrom(file === '-' ? '-' : `@${file}`)); // a faulty file is told before anybody is asked
  const client = clientFor(program.opts<GlobalOptions>());
  const current = await readCurrent(client);
  const plan = makePlan(name, desired, current, { prune });
  if (plan.faults.length > 0) throw new UsageError(plan.faults.join('\n'));
  return { client, current, plan, name };
};

const addPlan = (program: Command, terminal: Terminal): void => {
  program
    .command('plan <file>')
    .description('Show what `apply` would change')
    .option('--prune', 'also remove what is there and not in the file')
    .option('--check', `end with code ${EXIT.changes} when there is something to change`)
    .action(async (file: string, { prune = false, check = false }: { prune?: boolean; check?: boolean }) => {
      const { plan } = await planFor(program, file, prune);
      terminal.out(program.opts<GlobalOptions>().json ? JSON.stringify(plan, null, 2) : describePlan(plan));
      if (check && plan.steps.length > 0) terminal.exit(EXIT.changes);
    });
};

const addApply = (program: Command, terminal: Terminal): void => {
  program
    .command('apply <file>')
    .description('Make the tenant be as the file says: changes what differs, nothing else. Ordering a number costs what the plan says')
    .option('--prune', 'also remove what is there and not in the file')
    .action(async (file: string, { prune = false }: { prune?: boolean }) => {
      const { client, current, plan, name } = await planFor(program, file, prune);
      terminal.out(describePlan(plan));
      const { done, failed, untried } = await applySteps(client, name, plan.steps, current, terminal.out);
      if (!failed) return terminal.out(`Applied ${done.length} of ${plan.steps.length} changes.`);
      for (const step of untried) terminal.out(`untried  ${labelOf(step)}`);
      terminal.out(
        `Applied ${done.length} of ${plan.steps.length} changes. Mend what is said below and apply again: it goes on from here.`,
      );
      terminal.err(`failed   ${labelOf(failed.step)}\n${failed.words}`);
      terminal.exit(EXIT.refused);
    });
};

/** `plan`, `apply` and `export`: a tenant's trunks and numbers as one file. */
export const addDeclarative = (program: Command, terminal: Terminal): void => {
  addPlan(program, terminal);
  addApply(program, terminal);
  program
    .command('export')
    .description('Write the tenant as a file for `apply`')
    .action(async () => terminal.out(exported(await readCurrent(clientFor(program.opts<GlobalOptions>()))).trimEnd()));
};
