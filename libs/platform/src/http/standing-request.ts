import { Injectable, Optional } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import type { FastifyRequest } from 'fastify';
import { Authenticator, SessionDoor } from './principal.ts';
import type { Principal } from './principal.ts';
import { Reach, reachOf } from './reach.ts';
import type { ApiScope } from './scopes.ts';

/** Asks again of a request that stays open what was asked when it came: a key that was revoked hears no more. */
@Injectable()
export class StandingRequest {
  constructor(
    private readonly authenticator: Authenticator,
    @Optional() private readonly sessions?: SessionDoor,
  ) {}

  /** Whether whoever is behind it may still look at what the scope is for. */
  async mayStay(request: FastifyRequest, scope: ApiScope): Promise<boolean> {
    const before = reachOf(request);
    try {
      const principal = await this.principalOf(request);
      if (!before || !principal) return false;
      new Reach(principal, before.tenantId, before.request, '').tenant(scope);
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  private async principalOf(request: FastifyRequest): Promise<Principal | undefined> {
    const key = request.headers.authorization?.replace(/^Bearer /, '');
    return key === undefined ? this.sessions?.authenticate(request) : this.authenticator.authenticate(key, request.ip);
  }
}
