import type { PortableType } from '@trunkline/carriers';

/** What decides how long a port takes. */
export type PortShape = {
  readonly country: string;
  readonly type: PortableType;
  readonly customer: 'business' | 'residential';
  readonly lines: number;
  readonly simple: boolean; // US: one line, no switch features, no reseller in between
  readonly intermodal: boolean; // a mobile number that becomes a fixed one
  readonly installation: Installation; // GB
  readonly fromRangeHolder: boolean; // GB: the losing provider holds the range itself (PRO), or has it ported in (SUP)
};
export type Installation = 'single_line' | 'multi_line' | 'ddi' | 'complex_ddi';

/** `cutOffMinute`: what comes at or after it counts as received on the next working day. `negotiated`: carriers agree on a date of their own. */
export type PortInterval = {
  readonly cutOffMinute: number | null;
  readonly businessDays?: number;
  readonly businessMinutes?: number;
  readonly negotiated?: true;
};

const ONE_PM = 13 * 60; // 47 CFR 52.35 and the British process alike
const WIRELESS_MINUTES = 150;
const US_PROJECT_LINES = 51; // more lines make a project with a date of its own
const US_PROJECT_DAYS = 15; // what carriers name most; none is bound to it

const days = (businessDays: number, cutOffMinute: number | null = null): PortInterval => ({ cutOffMinute, businessDays });
const wireless: PortInterval = { cutOffMinute: null, businessMinutes: WIRELESS_MINUTES };

const us = ({ type, lines, simple, intermodal }: PortShape): PortInterval => {
  if (type === 'toll_free') return days(2); // of the organisation that is responsible now, to let go
  if (type === 'mobile' && !intermodal) return wireless;
  if (lines >= US_PROJECT_LINES) return { ...days(US_PROJECT_DAYS, ONE_PM), negotiated: true };
  return days(simple && lines === 1 ? 1 : 4, ONE_PM);
};

const canada = ({ type, intermodal }: PortShape): PortInterval => (type === 'mobile' && !intermodal ? wireless : days(2));

/** Working days from the holder of the range, or from somebody the number was ported to before: three more. */
const SUBSEQUENT_DAYS = 3;
const britishDays = ({ installation, lines }: PortShape): number => {
  if (installation === 'complex_ddi') return 22;
  if (installation === 'single_line') return lines > 10 ? 14 : 4;
  if (lines > 150) return 17;
  return installation === 'ddi' || lines > 30 ? 10 : 7;
};
const britain = (port: PortShape): PortInterval => {
  if (port.type === 'mobile' || (port.customer === 'residential' && port.type === 'local')) return days(1, ONE_PM);
  const base = port.type === 'local' ? britishDays(port) : 7;
  return days(base + (port.fromRangeHolder ? 0 : SUBSEQUENT_DAYS), ONE_PM);
};

/** Article 106 of the European code: within one working day of the date agreed upon. */
const europe = (): PortInterval => days(1);

const INTERVALS: Readonly<Record<string, (port: PortShape) => PortInterval>> = {
  US: us,
  CA: canada,
  GB: britain,
  DE: europe,
  FR: europe,
  ES: europe,
  IT: europe,
  NL: europe,
};

/** How long a port takes at least; undefined where nobody says so and the carrier names the date. */
export const portInterval = (port: PortShape): PortInterval | undefined => INTERVALS[port.country]?.(port);
