import { AppError } from '@trunkline/kernel';
import { peopleErrors } from './errors.ts';

/** So that no tenant has the platform mail at strangers: so many invitations in 24 hours, and so many to one address in one. */
export const INVITATIONS_A_DAY = 500;
export const INVITATIONS_TO_ONE_AN_HOUR = 5;

/** What a tenant has sent by now. */
export type Invited = { readonly inADay: number; readonly toOneInAnHour: number };

/** @throws AppError invitation.limit_reached */
export const demandFewInvitations = ({ inADay, toOneInAnHour }: Invited): void => {
  if (inADay >= INVITATIONS_A_DAY) throw new AppError(peopleErrors.invitationLimit, `${INVITATIONS_A_DAY} were sent in the last 24 hours`);
  if (toOneInAnHour < INVITATIONS_TO_ONE_AN_HOUR) return;
  const detail = `This address got ${INVITATIONS_TO_ONE_AN_HOUR} in the last hour`;
  throw new AppError(peopleErrors.invitationLimit, detail, { errors: [{ pointer: '/email', code: 'limit', detail }] });
};
