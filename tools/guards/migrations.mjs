// The program before must work on the schema after (docs/runbooks/upgrade.md): a migration adds, and takes nothing away that an earlier one
// made. What does is a fault unless it stands in BORNE with the reason why the program before bears it. SQL inside DO blocks is not looked at.
import { join } from 'node:path';
import { parse } from 'libpg-query';
import { root } from '../bootstrap.mjs';
import { readMigrations } from '../migrate.mjs';

const BORNE = {
  '20261126020000_access: trunk: CHECK over columns that were there': 'only of trunks that have the new policy, which nobody has before',
  '20261126030000_edge_operations: drops index edge_name_key': 'made anew in the same migration, of fewer rows; nothing infers a conflict from it',
  '20261126030000_edge_operations: edge: unique index edge_name_key over columns that were there': 'refuses less than the one before',
  '20261126040100_audit_chain: audit_entry: sequence becomes NOT NULL': 'a trigger fills it',
  '20261126040100_audit_chain: audit_entry: hash becomes NOT NULL': 'a trigger fills it',
  '20261126040100_audit_chain: audit_entry: trigger audit_entry_chained': 'fills what is new and leaves what was there',
  '20261126040100_audit_chain: audit_entry: unique index audit_entry_tenant_id_sequence_key over columns that were there': 'a trigger fills the sequence',
  '20261126060000_payments: invoice: CHECK over columns that were there': 'allows the states of before and more; the new amount is 0 by default',
  '20261126060000_payments: replaces function refuse_issued_change': 'refuses to change one more column, which is new',
  '20261126090000_tenant_tree: tenant: trigger tenant_planted': 'keeps a node beside each tenant, which is as it was; nothing is allotted before somebody does so',
  '20261126090000_tenant_tree: tenant: trigger tenant_rooted': 'refuses to move a tenant, which no program has ever done',
  '20261126090000_tenant_tree: hold: CHECK over columns that were there': 'allows the kinds of before and one more',
  '20261126142000_channels: number_assignment: trigger number_assignment_gives_channels_back': 'deletes rows that the program before does not write',
  '20261126091000_kyc: drops function claim_own_allotment': 'made by the migration before, of the same release',
  '20261126140000_trunk_access: trunk_credential: CHECK over columns that were there': 'its other column is new; the program before always names a trunk, and no list',
  '20261126140000_trunk_access: trunk_credential: FOREIGN KEY over columns that were there': 'its other column is new, and empty in every row that the program before writes',
  '20261126140000_trunk_access: trunk_address: EXCLUDE over columns that were there': 'refuses less than the one before',
  '20261126143000_number_inventory: number_inventory: CHECK over columns that were there': 'allows the states of before and more',
  '20261126143000_number_inventory: number_inventory: trigger number_inventory_state': 'refuses only moves that no program has ever made',
  '20261126143000_number_inventory: number_assignment: trigger number_assignment_history': 'writes a row beside each change, into a table that is new',
  '20261126153000_number_blocks: replaces function count_number_blocks': 'finds the same numbers by another index',
  '20261126164000_number_search: drops index number_inventory_sale_idx': 'made anew in the same migration, of the same rows',
  '20261126164000_number_search: drops index number_block_country_area_code_prefix_idx': 'the index of blocks by prefix finds the same, in more time',
  '20261126164000_number_search: drops index number_inventory_block_idx': 'only the function that is replaced beside it asked for it',
  '20261126164000_number_search: replaces function count_number_blocks': 'finds the same numbers by another index',
  '20261126172100_number_search_covered: drops index number_inventory_sale_idx': 'made anew in the same migration, of the same rows, with more in it',
  '20261126164100_number_return: replaces function guard_number_state': 'lets through the moves of before and one more',
  '20261126162100_port_cut_over: port_project: FOREIGN KEY over columns that were there': 'its other column is new, and empty in every row that the program before writes',
  '20261127050200_credential_pages: drops index trunk_credential_tenant_id_trunk_id_idx': 'the one that is made in the same migration finds the same',
  '20261127050200_credential_pages: drops index trunk_credential_list_idx': 'the one that is made in the same migration finds the same',
  '20261126144500_regulatory: number_order: FOREIGN KEY over columns that were there': 'its other column is new, and empty in every row that the program before writes',
}; // prettier-ignore

const kindOf = (node) => Object.keys(node)[0];
const names = (list) => list?.map((item) => item.String?.sval ?? item.IndexElem?.name) ?? [];

/** Every column that an expression names. */
function columnsIn(node) {
  if (node === null || typeof node !== 'object') return [];
  if (node.ColumnRef) return node.ColumnRef.fields.flatMap((field) => field.String?.sval ?? []);
  return Object.values(node).flatMap(columnsIn);
}
const columnsOf = ({ raw_expr, keys, fk_attrs, exclusions }) => [
  ...columnsIn(raw_expr),
  ...names(keys),
  ...names(fk_attrs),
  ...(exclusions ?? []).flatMap(({ List }) => List.items[0].IndexElem.name ?? columnsIn(List.items[0])),
];
const has = (constraints, ...types) => constraints?.some(({ Constraint }) => types.includes(Constraint.contype)) ?? false;
const CONSTRAINT = { CONSTR_CHECK: 'CHECK', CONSTR_UNIQUE: 'UNIQUE', CONSTR_FOREIGN: 'FOREIGN KEY', CONSTR_EXCLUSION: 'EXCLUDE', CONSTR_NOTNULL: 'NOT NULL', CONSTR_PRIMARY: 'PRIMARY KEY' }; // prettier-ignore

/** What one part of an ALTER TABLE takes away, if it does. */
function faultOfChange({ subtype, name, def }, added) {
  if (subtype === 'AT_DropColumn') return `drops column ${name}`;
  if (subtype === 'AT_AlterColumnType') return `changes the type of ${name}`;
  if (subtype === 'AT_SetNotNull') return `${name} becomes NOT NULL`;
  if (subtype === 'AT_ColumnDefault' && !def) return `${name} loses its default`;
  if (subtype === 'AT_EnableRowSecurity') return 'row-level security';
  if (subtype === 'AT_AddColumn') {
    const { colname, constraints } = def.ColumnDef;
    const isFilled = has(constraints, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED');
    if (has(constraints, 'CONSTR_NOTNULL', 'CONSTR_PRIMARY') && !isFilled) return `${colname} is NOT NULL without a default`;
  }
  if (subtype === 'AT_AddConstraint' && !columnsOf(def.Constraint).every((column) => added.has(column)))
    return `${CONSTRAINT[def.Constraint.contype]} over columns that were there`;
  return undefined;
}

const nameOfObject = (node) =>
  node.RangeVar?.relname ?? names(node.ObjectWithArgs?.objname ?? node.List?.items).at(-1) ?? node.String?.sval;

/** What is made in the same migration may be shaped there: the program before does not know it. */
function madeIn(statements) {
  const made = { objects: new Set(), columns: new Map() };
  for (const { CreateStmt, CreateFunctionStmt, AlterTableStmt } of statements) {
    if (CreateStmt) made.objects.add(CreateStmt.relation.relname);
    if (CreateFunctionStmt && !CreateFunctionStmt.replace) made.objects.add(names(CreateFunctionStmt.funcname).at(-1));
    for (const { AlterTableCmd } of AlterTableStmt?.cmds ?? [])
      if (AlterTableCmd.subtype === 'AT_AddColumn') {
        const table = AlterTableStmt.relation.relname;
        made.columns.set(table, (made.columns.get(table) ?? new Set()).add(AlterTableCmd.def.ColumnDef.colname));
      }
  }
  return made;
}

const RULES = {
  AlterTableStmt: ({ relation, cmds }, { objects, columns }) =>
    objects.has(relation.relname)
      ? []
      : cmds
          .map(({ AlterTableCmd }) => faultOfChange(AlterTableCmd, columns.get(relation.relname) ?? new Set()))
          .filter(Boolean)
          .map((fault) => `${relation.relname}: ${fault}`),
  DropStmt: ({ objects, removeType }) =>
    objects.map((object) => `drops ${removeType.replace('OBJECT_', '').toLowerCase()} ${nameOfObject(object)}`),
  RenameStmt: ({ relation, subname, newname }) => [`${relation?.relname ?? ''}: renames ${subname ?? 'itself'} to ${newname}`],
  AlterObjectSchemaStmt: ({ relation }) => [`moves ${relation?.relname} to another schema`],
  GrantStmt: ({ is_grant, objects = [] }, made) =>
    is_grant ? [] : objects.map(nameOfObject).filter((name) => !made.objects.has(name)).map((name) => `revokes from ${name}`), // prettier-ignore
  IndexStmt: ({ unique, relation, indexParams, idxname }, { objects, columns }) =>
    !unique || objects.has(relation.relname) || names(indexParams).every((column) => columns.get(relation.relname)?.has(column))
      ? []
      : [`${relation.relname}: unique index ${idxname} over columns that were there`],
  CreateTrigStmt: ({ relation, trigname }, { objects }) =>
    objects.has(relation.relname) ? [] : [`${relation.relname}: trigger ${trigname}`],
  // a permissive policy gives, a restrictive one takes
  CreatePolicyStmt: ({ table, policy_name, permissive }, { objects }) =>
    permissive || objects.has(table.relname) ? [] : [`${table.relname}: restrictive policy ${policy_name}`],
  CreateFunctionStmt: ({ replace, funcname }) => (replace ? [`replaces function ${names(funcname).at(-1)}`] : []),
};

/** What a migration does that the program before may not bear. */
export async function faultsOfMigration({ name, sql }) {
  const statements = ((await parse(sql)).stmts ?? []).map(({ stmt }) => stmt);
  const made = madeIn(statements);
  const faults = statements.flatMap((node) => RULES[kindOf(node)]?.(node[kindOf(node)], made) ?? []);
  return faults.map((fault) => `${name}: ${fault}`);
}

const PLANTED = `ALTER TABLE a DROP COLUMN b, ADD COLUMN c TEXT NOT NULL, ADD COLUMN d INTEGER CHECK (d > 0), ALTER COLUMN e TYPE TEXT, ADD CHECK (d < e);
  ALTER TABLE a RENAME COLUMN f TO g; DROP TABLE h; REVOKE SELECT ON a FROM trunkline_app; CREATE UNIQUE INDEX i ON a (d);
  CREATE POLICY gives ON a USING (true); CREATE POLICY takes ON a AS RESTRICTIVE USING (d > 0);
  CREATE TABLE n (o INTEGER NOT NULL); ALTER TABLE n ADD CHECK (o > 0); CREATE UNIQUE INDEX p ON n (o);`;
const NOTICED = [
  'a: drops column b',
  'a: c is NOT NULL without a default',
  'a: changes the type of e',
  'a: CHECK over columns that were there',
  'a: renames f to g',
  'drops table h',
  'revokes from a',
  'a: restrictive policy takes',
];

export async function check() {
  const planted = await faultsOfMigration({ name: 'planted', sql: PLANTED });
  if (planted.join() !== NOTICED.map((fault) => `planted: ${fault}`).join())
    return ['the planted faults are not what is reported', ...planted];
  const [, ...later] = readMigrations(join(root, 'prisma/migrations')); // before the first there was nothing
  const found = (await Promise.all(later.map(faultsOfMigration))).flat();
  const unborne = found
    .filter((fault) => !BORNE[fault])
    .map((fault) => `${fault}: does the program before bear it? Expand now, contract in a later release`);
  const stale = Object.keys(BORNE).filter((fault) => !found.includes(fault)).map((fault) => `no longer so: ${fault}`); // prettier-ignore
  return [...unborne, ...stale];
}
