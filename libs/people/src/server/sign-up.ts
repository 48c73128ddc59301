import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { CreateTenant, PlaceHold } from '@trunkline/tenancy/server';
import { peopleErrors } from '../core/errors.ts';
import { guessesAtMailbox } from '../core/guess-limits.ts';
import { signUpMail } from '../core/mails.ts';
import { contextOfCaller } from './caller.ts';
import type { Caller } from './caller.ts';
import { CountGuess } from './count-guess.ts';
import { addMember } from './members.sql.ts';
import { hashPassword } from './password-hash.ts';
import { refuseBadPassword } from './passwords.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { enterPerson } from './persons.sql.ts';
import { PostMail } from './post-mail.ts';
import { hashToken, newToken } from './secret-token.ts';

export type NewSignUp = { readonly email: string; readonly tenantName: string; readonly country: string; readonly currency: string };
export type FollowedLink = { readonly token: string; readonly name?: string | undefined; readonly password?: string | undefined };
type Row = NewSignUp & { readonly id: string };

const DAY_MS = 86_400_000;
const REASON = 'signed up; waits for the operator’s approval';
const COLUMNS = `id, email, tenant_name AS "tenantName", country, currency`;
const insert = sql(
  'sign-up-insert',
  `INSERT INTO sign_up (id, hash, email, tenant_name, country, currency, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const find = sql<Row>('sign-up-find', `SELECT ${COLUMNS} FROM sign_up WHERE hash = $1 AND confirmed_at IS NULL AND expires_at > $2`);
const confirm = sql<Row>(
  'sign-up-confirm',
  `UPDATE sign_up SET confirmed_at = $2 WHERE hash = $1 AND confirmed_at IS NULL AND expires_at > $2 RETURNING ${COLUMNS}`,
);

/**
 * A tenant for whoever asks. Nothing exists but the request until the mailed link is followed, and the password is chosen then: nobody can
 * prepare an account for somebody else's address, and nothing tells whether an address is known.
 */
@Injectable()
export class SignUp {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly guesses: CountGuess,
    private readonly post: PostMail,
    private readonly createTenant: CreateTenant,
    private readonly placeHold: PlaceHold,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {}

  /** @throws AppError sign_up.closed, auth.too_many_attempts */
  async request(input: NewSignUp, caller: Caller): Promise<void> {
    this.refuseClosed();
    await this.guesses.execute(guessesAtMailbox(input.email, caller.sourceAddress));
    const now = this.clock.now();
    const until = new Date(now.getTime() + DAY_MS);
    const token = newToken();
    await this.db.tx(contextOfCaller(caller, 'sign up'), async (tx) => {
      await tx.query(insert, newId(), hashToken(token), input.email, input.tenantName, input.country, input.currency, until, now);
      await this.post.execute(tx, input.email, signUpMail(this.config.publicUrl, token), until);
    });
  }

  /** Makes the tenant, its owner, and the hold where the operator approves. @throws AppError link.invalid, sign_up.closed, request.invalid */
  async confirm(link: FollowedLink, caller: Caller): Promise<{ readonly tenantId: string; readonly isHeld: boolean }> {
    this.refuseClosed();
    const ctx = contextOfCaller(caller, 'sign up');
    const hash = hashToken(link.token);
    const [asked] = await this.db.ask(ctx, find, hash, this.clock.now());
    if (!asked) throw new AppError(peopleErrors.tokenInvalid);
    if (link.password !== undefined) refuseBadPassword(link.password, asked.email);
    const passwordHash = link.password === undefined ? undefined : await hashPassword(link.password);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const [signUp] = await tx.query(confirm, hash, now);
      if (!signUp) throw new AppError(peopleErrors.tokenInvalid);
      const personId = await enterPerson(tx, signUp.email, { name: link.name, passwordHash }, now);
      const { country, currency, tenantName: name } = signUp;
      const nothing = { channelsMax: null, parentId: null, externalReference: null };
      const tenant = await this.createTenant.execute(ctx, { name, country, currency, ...nothing });
      const isHeld = this.config.signUp === 'approval';
      if (isHeld) await this.placeHold.execute(ctx, tenant.id, 'operator', REASON, 'all');
      await addMember(tx, ctx, tenant.id, personId, 'owner', now);
      audit(tx, ctx, 'tenant.signed_up', tenant.id, { personId, isHeld });
      return { tenantId: tenant.id, isHeld };
    });
  }

  private refuseClosed(): void {
    if (this.config.signUp === 'closed') throw new AppError(peopleErrors.signUpClosed);
  }
}
