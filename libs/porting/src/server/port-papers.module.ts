import { Injectable, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { ErasePortDocuments } from './erase-port-documents.ts';
import { PortDocumentsController } from './port-documents.http.ts';
import { PortDocuments } from './port-documents.ts';
import { PORT_PAPERS } from './port-papers-config.ts';
import type { PortPapersConfig } from './port-papers-config.ts';
import { PortShareLinksController } from './port-share-links.http.ts';
import { SharePortOrder } from './share-port-order.ts';
import { SharedPortPage } from './shared-port-page.http.ts';
import { SignPortLetter } from './sign-port-letter.ts';
import { VisitSharedPort } from './visit-shared-port.ts';

/** What ports have to show: documents, letters, links; for the API. */
@Module({})
export class PortPapersModule {
  static of(config: PortPapersConfig): DynamicModule {
    const useCases = [PortDocuments, SharePortOrder, SignPortLetter, VisitSharedPort];
    return {
      module: PortPapersModule,
      controllers: [PortDocumentsController, PortShareLinksController, SharedPortPage],
      providers: [{ provide: PORT_PAPERS, useValue: config }, ...useCases],
      exports: useCases,
    };
  }
}

@Injectable()
@Processor({ queue: 'porting-documents', concurrency: 1, everyMs: 3_600_000 })
export class PortDocumentsProcessor implements ProcessesJobs {
  constructor(private readonly erase: ErasePortDocuments) {}

  async process(): Promise<void> {
    await this.erase.execute();
  }
}

/** What time does to documents, for the worker. */
@Module({ providers: [ErasePortDocuments, PortDocumentsProcessor], exports: [ErasePortDocuments] })
export class PortPapersJobsModule {}
