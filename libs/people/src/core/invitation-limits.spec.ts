import { INVITATIONS_A_DAY, INVITATIONS_TO_ONE_AN_HOUR, demandFewInvitations } from './invitation-limits.ts';

it('lets a tenant invite up to its day’s last, and an address be written to up to its hour’s last', () => {
  const [day, hour] = [INVITATIONS_A_DAY, INVITATIONS_TO_ONE_AN_HOUR];
  const answer = (inADay: number, toOneInAnHour: number) => () => demandFewInvitations({ inADay, toOneInAnHour });
  expect(answer(day - 1, hour - 1)).not.toThrow();
  expect(answer(day, 0)).toThrow(expect.objectContaining({ code: 'invitation.limit_reached', errors: [] }));
  expect(answer(0, hour)).toThrow(expect.objectContaining({ code: 'invitation.limit_reached', errors: [expect.objectContaining({ pointer: '/email' })] })); // prettier-ignore
});
