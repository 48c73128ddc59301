import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { HealthController, toProblem } from '@trunkline/platform';

const JSON_TYPE = 'application/json';

/** The worker's health and metrics: three paths without the API's routes, which its modules would otherwise bring along. */
@Injectable()
export class HealthServer implements OnApplicationShutdown {
  private readonly http = createServer((request, response) => void this.answer(request.url ?? '', response));

  constructor(private readonly health: HealthController) {}

  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => this.http.once('error', reject).listen(port, host, resolve));
  }

  onApplicationShutdown(): void {
    this.http.close();
    this.http.closeAllConnections();
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    try {
      if (path === '/metrics') return this.send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await this.health.text());
      if (path === '/health/live') return this.send(response, 200, JSON_TYPE, JSON.stringify(this.health.live()));
      if (path === '/health/ready') return this.send(response, 200, JSON_TYPE, JSON.stringify(await this.health.ready()));
      this.send(response, 404, JSON_TYPE, '{}');
    } catch (error) {
      const problem = toProblem(error, '');
      this.send(response, problem.status, 'application/problem+json', JSON.stringify(problem));
    }
  }

  private send(response: ServerResponse, status: number, type: string, body: string): void {
    response.writeHead(status, { 'content-type': type }).end(body);
  }
}
