import { OPERATIONS } from '@trunkline/client/operations';
import { commandsOf, nameOf } from './commands.ts';

const commands = commandsOf(OPERATIONS);
const nameFor = (id: string): string | undefined => {
  const found = commands.find(({ operation }) => operation.id === id);
  return found && nameOf(found);
};

it.each([
  ['listTrunks', 'trunks list'],
  ['createTrunk', 'trunks create'],
  ['getTrunk', 'trunks get'],
  ['updateTrunk', 'trunks update'],
  ['deleteTrunk', 'trunks delete'],
  ['createCredential', 'trunks credentials create'],
  ['revokeCredential', 'trunks credentials revoke'],
  ['orderNumber', 'numbers create'],
  ['releaseNumber', 'numbers release'],
  ['searchAvailableNumbers', 'available-numbers list'],
  ['getBalance', 'balance get'],
  ['getUpcomingInvoice', 'invoices upcoming get'],
  ['exportCalls', 'calls export'],
  ['placeHold', 'tenants place-hold'],
  ['refundTopUp', 'top-ups refunds create'],
  ['placeTenant', 'tenants home set'],
])('offers %s as `%s`', (id, name) => {
  expect(nameFor(id)).toBe(name);
});

it('offers every operation but what is for Stripe, each under a name of its own', () => {
  expect(OPERATIONS.length - commands.length).toBe(1);
  expect(new Set(commands.map(nameOf)).size).toBe(commands.length);
});

it('gives the second of two that would share a name the name of its operation', () => {
  const [one] = OPERATIONS.filter(({ id }) => id === 'listTrunks');
  expect(commandsOf([one!, { ...one!, id: 'listOtherTrunks' }]).map(nameOf)).toEqual(['trunks list', 'trunks list-other-trunks']);
});

it('has no field whose option would be taken for one of the program', () => {
  const fields = OPERATIONS.flatMap((o) => [...o.queryParameters, ...(o.body?.fields ?? [])].map(({ name }) => name));
  expect(fields.filter((name) => ['api_url', 'tenant', 'json', 'all', 'body', 'help'].includes(name))).toEqual([]);
});
