import { defineErrors } from '@trunkline/kernel';

export const peopleErrors = defineErrors({
  badLogIn: { code: 'auth.bad_login', kind: 'unauthenticated', title: 'The address, the password or the code is wrong' },
  secondFactor: {
    code: 'auth.second_factor_required',
    kind: 'unauthenticated',
    title: 'A second factor is needed too: a code of the authenticator app, a passkey or a recovery code',
  },
  tooManyGuesses: { code: 'auth.too_many_attempts', kind: 'rate_limited', title: 'There were too many attempts; try again later' },
  boundSession: {
    code: 'auth.bound_session',
    kind: 'forbidden',
    title: 'This session was opened by a tenant’s identity provider and does not change the person',
  },
  tokenInvalid: { code: 'link.invalid', kind: 'not_found', title: 'The link is unknown, expired or was used' },
  signUpClosed: { code: 'sign_up.closed', kind: 'forbidden', title: 'Tenants are made by the operator here' },
  alreadyMember: { code: 'member.exists', kind: 'conflict', title: 'The person is a member already' },
  invitationLimit: { code: 'invitation.limit_reached', kind: 'conflict', title: 'As many people were invited as may be for now' },
  lastOwner: { code: 'member.last_owner', kind: 'conflict', title: 'A tenant keeps at least one owner who may act' },
  roleNotYours: { code: 'member.role_not_yours', kind: 'forbidden', title: 'Nobody gives or takes more than they have' },
  ssoRefused: { code: 'sso.refused', kind: 'forbidden', title: 'What the identity provider says was not accepted' },
  ssoNoPlace: { code: 'sso.no_place', kind: 'forbidden', title: 'The tenant has no place for this person' },
  ssoProvider: { code: 'sso.provider_unavailable', kind: 'unavailable', title: 'The identity provider does not answer, or not as one' },
  passkeysFull: { code: 'passkey.limit_reached', kind: 'conflict', title: 'A person has at most ten passkeys' },
  passkeysNeedName: {
    code: 'passkey.unavailable',
    kind: 'conflict',
    title: 'Browsers keep passkeys for a name, and this platform is reached by an address: PUBLIC_URL',
  },
  noSecondFactor: { code: 'second_factor.none', kind: 'conflict', title: 'There is no second factor that this could stand in for' },
  ownSecondFactor: {
    code: 'second_factor.own',
    kind: 'conflict',
    title: 'Nobody resets their own second factor: with the password it is taken away, or somebody else resets it',
  },
  placesElsewhere: {
    code: 'second_factor.places_elsewhere',
    kind: 'conflict',
    title: 'The person has a place elsewhere too, which the second factor guards: the operator resets it',
  },
  totpState: { code: 'totp.wrong_state', kind: 'conflict', title: 'The authenticator app is set up already, or is not' },
});
