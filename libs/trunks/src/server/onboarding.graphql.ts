import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, objectOf, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { bandwidthOf } from '../core/bandwidth.ts';
import { PBX_FAMILIES } from '../core/connection-sheet/sheet.ts';
import type { PbxFamily } from '../core/connection-sheet/sheet.ts';
import { bandwidthOut, bandwidthQuery, bandwidthToWire, connectionSheetOut, connectionSheetToWire } from './onboarding.schema.ts';
import { SheetQueries } from './sheet-queries.ts';
import { TrunksGraphql } from './trunks.graphql.ts';

const access = scoped('trunks:read');
/** A name of the graph does not begin with a digit. */
const nameOf = (family: PbxFamily): string => family.replace(/^3cx$/, 'three_cx');

/** Connection sheets of trunks, and what calls take of a line. */
@Injectable()
export class OnboardingGraphql {
  constructor(@Inject(GRAPH) graph: Graph, { trunk, codec }: TrunksGraphql, sheets: SheetQueries) {
    const family = graph.enumType('PbxFamily', { values: Object.fromEntries(PBX_FAMILIES.map((value) => [nameOf(value), { value }])) });
    const sheet = objectOf(graph, connectionSheetOut, { types: { pbx: family as never } });
    graph.objectField(trunk, 'connectionSheet', (t) =>
      t.field({
        type: sheet,
        nullable: true,
        description: 'What to set in a PBX of some family, made of what is true now',
        args: { pbx: t.arg({ type: family, required: true }) },
        resolve: async ({ id }, { pbx }, { reach }) =>
          connectionSheetToWire(await sheets.of(access.contextOf(reach), id, pbx as PbxFamily)),
      }),
    );
    const bandwidth = objectOf(graph, bandwidthOut, { types: { codec: codec as never } });
    graph.queryFields((t) => ({
      bandwidth: t.field({
        type: bandwidth,
        nullable: true,
        description: 'What calls take of a line',
        args: { channels: t.arg.int(), codec: t.arg({ type: codec }), ptimeMs: t.arg.int(), srtp: t.arg.boolean() },
        resolve: (_, { channels, codec: name, ptimeMs, srtp }, { reach }) => {
          access.contextOf(reach);
          const asked = bandwidthQuery.parse({
            ...{ channels: channels ?? undefined, codec: name ?? undefined, ptime_ms: ptimeMs ?? undefined },
            srtp: srtp === true ? 'true' : 'false',
          });
          return bandwidthToWire(bandwidthOf({ ...asked, ptimeMs: asked.ptime_ms, srtp: srtp === true }));
        },
      }),
    }));
  }
}
