import { Inject, Injectable } from '@nestjs/common';
import { camelKeys } from '@trunkline/kernel';
import { GRAPH, addItem, addList, addMutation, inputOf, objectOf, operatorReads, scoped } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import type { z } from 'zod';
import { callerNameOut, callerNameToWire, nameIn } from './caller-names.http.ts';
import { CallerNames } from './caller-names.ts';
import { ConfirmCode } from './confirm-code.ts';
import { RevokeVerification } from './revoke-verification.ts';
import { StartVerification } from './start-verification.ts';
import { VerifiedNumberQueries } from './verified-number-queries.ts';
import {
  codeIn,
  newVerification,
  verificationReviewOut,
  verificationReviewToWire,
  verifiedNumberOut,
  verifiedNumberToWire,
} from './verified-numbers.schema.ts';

/** Numbers of others that a tenant may present, and names beside its own. */
@Injectable()
export class VerifiedNumbersGraphql {
  private readonly type: GraphObject<z.infer<typeof verifiedNumberOut>>;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: VerifiedNumberQueries,
    private readonly start: StartVerification,
    private readonly confirm: ConfirmCode,
    private readonly revoke: RevokeVerification,
    private readonly names: CallerNames,
  ) {
    this.type = objectOf(graph, verifiedNumberOut);
    this.defineReads();
    this.defineChanges();
    this.defineNames();
    this.defineReviews();
  }

  private defineReads(): void {
    const { graph, queries, type } = this;
    const access = scoped('numbers:read');
    addList(graph, 'verifiedNumbers', access, {
      type,
      description: 'Numbers of others that the tenant verified, or is about to, the newest first',
      list: (ctx, query) => queries.list(ctx, query),
      toNode: verifiedNumberToWire,
    });
    addItem(graph, 'verifiedNumber', access, {
      type,
      description: 'A verified number',
      kind: 'verifiedNumber',
      find: async (ctx, id) => verifiedNumberToWire(await queries.byId(ctx, id)),
    });
  }

  private defineChanges(): void {
    const { graph, type, start, confirm, revoke } = this;
    const ids = { id: 'verifiedNumber' } as const;
    const access = scoped('numbers:write');
    addMutation(graph, 'startVerification', access, {
      type,
      description: 'Begin to prove that you may present a number that is not yours',
      input: inputOf(graph, newVerification),
      run: async (ctx, { input }) => verifiedNumberToWire(await start.execute(ctx, camelKeys(input))),
    });
    addMutation(graph, 'confirmVerification', access, {
      ...{ type, description: 'Give the code that was sent to the number; there are five attempts', ids, input: inputOf(graph, codeIn) },
      run: async (ctx, { id, input }) => verifiedNumberToWire(await confirm.execute(ctx, id, input.code)),
    });
    addMutation(graph, 'resendVerification', access, {
      ...{ type, description: 'Have another code sent, in place of the last', ids },
      run: async (ctx, { id }) => verifiedNumberToWire(await start.again(ctx, id)),
    });
    addMutation(graph, 'revokeVerification', access, {
      ...{ type, description: 'Give the right to present a number up', ids },
      run: async (ctx, { id }) => verifiedNumberToWire(await revoke.execute(ctx, id)),
    });
  }

  private defineNames(): void {
    const { graph, names } = this;
    const type = objectOf(graph, callerNameOut);
    const ids = { numberId: 'number' } as const;
    addItem(graph, 'callerName', scoped('numbers:read'), {
      ...{ type, description: 'The name that networks show beside the number with that id', kind: 'number' as const },
      find: async (ctx, id) => callerNameToWire(id, await names.of(ctx, id)),
    });
    addMutation(graph, 'requestCallerName', scoped('numbers:write'), {
      ...{ type, description: 'Have networks in North America show a name beside a number', ids, input: inputOf(graph, nameIn) },
      run: async (ctx, { numberId, input }) => callerNameToWire(numberId, await names.request(ctx, numberId, input.name)),
    });
    addMutation(graph, 'removeCallerName', scoped('numbers:write'), {
      ...{ type, description: 'Have no name shown beside a number any more', ids },
      run: async (ctx, { numberId }) => {
        await names.remove(ctx, numberId);
        return callerNameToWire(numberId, await names.of(ctx, numberId));
      },
    });
  }

  private defineReviews(): void {
    const { graph, queries } = this;
    const type = objectOf(graph, verificationReviewOut);
    addList(graph, 'verificationReviews', operatorReads, {
      type,
      description: 'Numbers whose papers wait for the operator',
      list: (ctx, query) => queries.inReview(ctx, query),
      toNode: verificationReviewToWire,
    });
  }
}
