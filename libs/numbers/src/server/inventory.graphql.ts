import { Inject, Injectable } from '@nestjs/common';
import { camelKeys } from '@trunkline/kernel';
import { GRAPH, connected, objectOf, pageCost, queryArgs, queryOfArgs } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { encodeE164Cursor } from '../core/e164-cursor.ts';
import { InventoryQueries } from './inventory-queries.ts';
import type { InventoryRow } from './inventory.sql.ts';
import { availableOut, availableQuery, availableToWire, inventoryOut, inventoryQuery, inventoryToWire } from './numbers.schema.ts';

const cursorOf = ({ e164 }: InventoryRow): string => encodeE164Cursor(e164);

/** Numbers that can be ordered, and those the platform holds, in their own order. */
@Injectable()
export class InventoryGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: InventoryQueries) {
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
          const query = camelKeys(queryOfArgs(availableQuery, args));
          const { data, nextCursor, plan } = await queries.available(reach.tenant('numbers:read'), query);
          return connected(data, nextCursor, cursorOf, (n) => availableToWire(n, plan));
        },
      }),
      inventoryNumbers: t.field({
        type: held,
        nullable: true,
        description: 'The numbers the platform holds; for operators',
        args: queryArgs(graph, t.arg, 'InventoryNumber', inventoryQuery),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => {
          const { data, nextCursor } = await queries.all(reach.operator('operator:read'), camelKeys(queryOfArgs(inventoryQuery, args)));
          return connected(data, nextCursor, cursorOf, inventoryToWire);
        },
      }),
    }));
  }
}
