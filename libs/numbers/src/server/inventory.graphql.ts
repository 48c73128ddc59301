import { Inject, Injectable } from '@nestjs/common';
import {
  GRAPH,
  addItem,
  addList,
  addValue,
  connected,
  objectOf,
  operatorReads,
  pageCost,
  queryArgs,
  queryOfArgs,
} from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { encodeE164Cursor } from '../core/e164-cursor.ts';
import { InventoryQueries } from './inventory-queries.ts';
import type { InventoryRow } from './inventory.sql.ts';
import { NumberImportQueries } from './number-import-queries.ts';
import { importOut, importToWire } from './number-imports.http.ts';
import { numberPolicyOut, numberPolicyToWire } from './number-policy.http.ts';
import { NumberPolicies } from './number-policy.ts';
import {
  availableOut,
  availableQuery,
  availableToWire,
  inventoryOut,
  inventoryQuery,
  inventoryToWire,
  searchOf,
} from './numbers.schema.ts';

const cursorOf = ({ e164 }: InventoryRow): string => encodeE164Cursor(e164);

/** Numbers that can be ordered, and those the platform holds, in their own order; imports and the policy. */
@Injectable()
export class InventoryGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: InventoryQueries,
    private readonly imports: NumberImportQueries,
    private readonly policies: NumberPolicies,
  ) {
    this.defineSearches();
    this.defineRest();
  }

  private defineSearches(): void {
    const { graph, queries } = this;
    const available = graph.connectionObject({ type: objectOf(graph, availableOut), name: 'AvailableNumberConnection' });
    const held = graph.connectionObject({ type: objectOf(graph, inventoryOut), name: 'InventoryNumberConnection' });
    graph.queryFields((t) => ({
      availableNumbers: t.field({
        type: available,
        nullable: true,
        description: 'The numbers that can be ordered, with their price; needs numbers:read',
        args: queryArgs(graph, t.arg, 'AvailableNumber', availableQuery),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => {
          const query = searchOf(queryOfArgs(availableQuery, args));
          const found = await queries.available(reach.tenant('numbers:read'), query);
          return connected(found.data, found.nextCursor, cursorOf, (n) => availableToWire(n, found));
        },
      }),
      inventoryNumbers: t.field({
        type: held,
        nullable: true,
        description: 'The numbers the platform holds; for operators',
        args: queryArgs(graph, t.arg, 'InventoryNumber', inventoryQuery),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => {
          const { data, nextCursor } = await queries.all(reach.operator('operator:read'), searchOf(queryOfArgs(inventoryQuery, args)));
          return connected(data, nextCursor, cursorOf, inventoryToWire);
        },
      }),
    }));
  }

  private defineRest(): void {
    const { graph, imports, policies } = this;
    const type = objectOf(graph, importOut);
    addList(graph, 'numberImports', operatorReads, {
      type,
      description: 'Imports, the newest first',
      list: (ctx, query) => imports.list(ctx, query),
      toNode: importToWire,
    });
    addItem(graph, 'numberImport', operatorReads, {
      type,
      description: 'An import: how far it is, and what was wrong',
      kind: 'numberImport',
      find: async (ctx, id) => importToWire(await imports.byId(ctx, id)),
    });
    addValue(graph, 'numberPolicy', operatorReads, {
      type: objectOf(graph, numberPolicyOut),
      description: 'How long released numbers rest',
      find: async (ctx) => numberPolicyToWire(await policies.read(ctx)),
    });
  }
}
