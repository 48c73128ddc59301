import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { AnswerQuery, GRAPHQL_CONFIG } from './answer-query.ts';
import type { GraphqlConfig } from './answer-query.ts';
import { GRAPH, createGraph } from './graph.ts';
import { LiveEvents } from './live-events.ts';
import { SubscriptionServer } from './subscription-server.ts';
import { GraphqlController } from './graphql.http.ts';

/** `/graphql`, of the types that the application's providers add to the graph. */
@Global()
@Module({})
export class GraphqlModule {
  static of(config: GraphqlConfig): DynamicModule {
    return {
      module: GraphqlModule,
      controllers: [GraphqlController],
      providers: [
        { provide: GRAPH, useFactory: createGraph },
        { provide: GRAPHQL_CONFIG, useValue: config },
        AnswerQuery,
        LiveEvents,
        SubscriptionServer,
      ],
      exports: [GRAPH, AnswerQuery, LiveEvents],
    };
  }
}
