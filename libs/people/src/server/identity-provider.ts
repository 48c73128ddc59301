import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import { Sealer } from '@trunkline/platform';
import * as oidc from 'openid-client';
import { peopleErrors } from '../core/errors.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { providerFetch } from './provider-fetch.ts';
import { sealOfSso } from './sso.sql.ts';
import type { SsoConnection } from './sso.sql.ts';

/** What must come back as it was sent, kept by the browser that was sent away. */
export type SsoChecks = { readonly state: string; readonly nonce: string; readonly verifier: string };
/** What an identity provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

const TIMEOUT_SECS = 10;

/** A tenant's OpenID provider: code flow with PKCE (RFC 7636), state and nonce; signatures of ID tokens are checked against its keys. */
@Injectable()
export class IdentityProvider {
  constructor(
    private readonly sealer: Sealer,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {}

  /** Where a browser is sent, and what to expect of its return. @throws AppError sso.provider_unavailable */
  async start(tenantId: string, connection: SsoConnection): Promise<{ readonly url: string; readonly checks: SsoChecks }> {
    const client = await this.client(tenantId, connection);
    const checks = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    const url = oidc.buildAuthorizationUrl(client, {
      redirect_uri: this.redirectUri,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
      state: checks.state,
      nonce: checks.nonce,
    });
    return { url: url.href, checks };
  }

  /** What the provider says of whoever returned with `query`. @throws AppError sso.refused, sso.provider_unavailable */
  async finish(tenantId: string, connection: SsoConnection, query: string, checks: SsoChecks): Promise<Claims> {
    const client = await this.client(tenantId, connection);
    try {
      const returned = new URL(`${this.redirectUri}?${query}`);
      const expected = {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.verifier,
        idTokenExpected: true,
      };
      const tokens = await oidc.authorizationCodeGrant(client, returned, expected);
      const claims = tokens.claims();
      if (!claims) throw new Error('no ID token');
      return claims;
    } catch (cause) {
      throw new AppError(peopleErrors.ssoRefused, undefined, { cause });
    }
  }

  private get redirectUri(): string {
    return `${this.config.publicUrl}/v1/sso/callback`;
  }

  private async client(tenantId: string, { issuer, clientId, clientSecretSealed }: SsoConnection): Promise<oidc.Configuration> {
    const { allowPrivateSso } = this.config;
    const secret = this.sealer.open(clientSecretSealed, sealOfSso(tenantId));
    try {
      return await oidc.discovery(new URL(issuer), clientId, undefined, oidc.ClientSecretBasic(secret), {
        timeout: TIMEOUT_SECS,
        [oidc.customFetch]: providerFetch(allowPrivateSso),
        execute: [oidc.enableNonRepudiationChecks, ...(allowPrivateSso ? [oidc.allowInsecureRequests] : [])],
      });
    } catch (cause) {
      throw new AppError(peopleErrors.ssoProvider, undefined, { cause });
    }
  }
}
