import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, addItem, addList, addMutation, addValue, inputOf, objectOf, operatorReads, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { CallExportQueries } from './call-export-queries.ts';
import { exportOut, exportToWire } from './call-exports.http.ts';
import { callSettingsToWire, reportOut, reportToWire, settingsChange, settingsOut } from './call-settings.http.ts';
import { newCallExport, searchOf } from './calls.schema.ts';
import { CdrGraphql } from './cdr.graphql.ts';
import { ChangeCallSettings } from './change-call-settings.ts';
import { CreateCallExport } from './create-call-export.ts';
import { CALLS_KEPT_MONTHS, EnforceRetention } from './enforce-retention.ts';

/** Files of calls, and how long calls are kept. */
@Injectable()
export class CallFilesGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly calls: CdrGraphql,
    private readonly exports: CallExportQueries,
    private readonly create: CreateCallExport,
    private readonly settings: ChangeCallSettings,
    private readonly retention: EnforceRetention,
    @Inject(CALLS_KEPT_MONTHS) private readonly keptMonths: number,
  ) {
    this.defineExports();
    this.defineSettings();
  }

  private defineExports(): void {
    const { graph, exports } = this;
    const find = exports.byId.bind(exports);
    const type = objectOf(graph, exportOut, {
      large: ['byte_count', 'row_count'],
      loadOne: async (id, reach) => exportToWire(await find(reach.tenant('calls:read'), id)),
    });
    addList(graph, 'callExports', scoped('calls:read'), {
      type,
      description: 'Exports, the newest first; their files are downloaded by REST',
      list: (ctx, query) => exports.list(ctx, query),
      toNode: exportToWire,
    });
    addItem(graph, 'callExport', scoped('calls:read'), {
      type,
      description: 'An export',
      kind: 'callExport',
      find: async (ctx, id) => exportToWire(await find(ctx, id)),
    });
    addMutation(graph, 'createCallExport', scoped('calls:read'), {
      type,
      description: 'Have a file of calls made, of those that `calls` finds by the same filters',
      input: inputOf(graph, newCallExport, { ...this.calls.enums, rating: this.calls.ratingState }),
      run: async (ctx, { input: { format, ...search } }) => exportToWire(await this.create.execute(ctx, format, searchOf(search))),
    });
  }

  private defineSettings(): void {
    const { graph, keptMonths } = this;
    const type = objectOf(graph, settingsOut);
    addValue(graph, 'callSettings', scoped('calls:read'), {
      type,
      description: 'How long calls are kept, and their numbers whole',
      find: async (ctx) => callSettingsToWire(await this.settings.read(ctx), keptMonths),
    });
    addMutation(graph, 'changeCallSettings', scoped('calls:write'), {
      type,
      description: 'Change how long calls are kept, and their numbers whole',
      input: inputOf(graph, settingsChange),
      run: async (ctx, { input }) => {
        const change = { maskedAfterDays: input.calls_masked_after_days, retentionDays: input.calls_retention_days };
        return callSettingsToWire(await this.settings.execute(ctx, change), keptMonths);
      },
    });
    addValue(graph, 'callRetention', operatorReads, {
      type: objectOf(graph, reportOut),
      description: 'What is overdue for masking',
      find: async (ctx) => reportToWire(await this.retention.report(ctx)),
    });
  }
}
