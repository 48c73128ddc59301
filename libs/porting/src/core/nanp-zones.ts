/**
 * Where the area codes of the United States and Canada are, by the regions of the porting administration. The FCC counts hours in the predominant
 * zone of the region (47 CFR 52.35), which is not always the one the number lives in; of an area code in two zones, the more populous counts.
 */
type Region = { readonly clock: string; readonly zones: Readonly<Record<string, readonly string[]>> };

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';
const TORONTO = 'America/Toronto';

// prettier-ignore
const US_REGIONS: readonly Region[] = [
  { clock: EASTERN, zones: { [EASTERN]: [
    '203 475 860 959', '207', '339 351 413 508 617 774 781 857 978', '603', // CT, ME, MA, NH
    '212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934', '401', '802', // NY, RI, VT
  ] } },
  { clock: EASTERN, zones: { [EASTERN]: [
    '302', '202 771', '227 240 301 410 443 667', '201 551 609 640 732 848 856 862 908 973', // DE, DC, MD, NJ
    '215 223 267 272 412 445 484 570 582 610 717 724 814 835 878', // PA
    '276 434 540 571 686 703 757 804 826 948', '304 681', // VA, WV
  ] } },
  { clock: EASTERN, zones: {
    [EASTERN]: [
      '239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954', // FL
      '229 404 470 478 678 706 762 770 912 943', '502 606 859', // GA, KY
      '252 336 472 704 743 828 910 919 980 984', '803 821 839 843 854 864', '423 865', // NC, SC, TN
    ],
    [CENTRAL]: [
      '205 251 256 334 659 938', '448 850', '270 364', '225 318 337 504 985', // AL, FL, KY, LA
      '228 601 662 769', '615 629 731 901 931', // MS, TN
    ],
    'America/Puerto_Rico': ['340 787 939'],
  } },
  { clock: CENTRAL, zones: {
    [CENTRAL]: [
      '217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872', '219', // IL, IN
      '262 274 353 414 534 608 715 920', // WI
    ],
    'America/Indiana/Indianapolis': ['260 317 463 574 765 812 930'],
    'America/Detroit': ['231 248 269 313 517 586 616 679 734 810 906 947 989'],
    [EASTERN]: ['216 220 234 283 326 330 380 419 436 440 513 567 614 740 937'], // OH
  } },
  { clock: CENTRAL, zones: {
    [CENTRAL]: [
      '327 479 501 870', '316 620 785 913', '235 314 417 557 573 636 660 816 975', '405 539 572 580 918', // AR, KS, MO, OK
      '210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979', // TX
    ],
    [MOUNTAIN]: ['915'], // TX
  } },
  { clock: MOUNTAIN, zones: {
    [CENTRAL]: [
      '319 515 563 641 712', '218 320 507 612 651 763 924 952', '308 402 531', '701', '605', // IA, MN, NE, ND, SD
    ],
    [MOUNTAIN]: ['303 719 720 748 970 983', '406', '505 575', '385 435 801', '307'], // CO, MT, NM, UT, WY
    'America/Boise': ['208 986'],
    'America/Phoenix': ['480 520 602 623 928'],
    [PACIFIC]: ['458 503 541 971', '206 253 360 425 509 564'], // OR, WA
    'America/Anchorage': ['907'],
  } },
  { clock: PACIFIC, zones: {
    [PACIFIC]: [
      '209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951',
      '702 725 775', // NV
    ],
    'Pacific/Honolulu': ['808'],
  } },
  { clock: 'Pacific/Guam', zones: { 'Pacific/Guam': ['670 671'], 'Pacific/Pago_Pago': ['684'] } },
];

// prettier-ignore
const CANADA: Region['zones'] = {
  'America/St_Johns': ['709 879'],
  'America/Halifax': ['428 506', '782 902'],
  [TORONTO]: [
    '226 249 289 343 365 382 416 437 460 519 548 613 647 683 705 742 753 807 905 942', // ON
    '263 273 354 367 418 438 450 468 514 579 581 819 873', // QC
  ],
  'America/Winnipeg': ['204 431 584'],
  'America/Regina': ['306 474 639'],
  'America/Edmonton': ['368 403 587 780 825'],
  'America/Vancouver': ['236 250 257 604 672 778'],
  'America/Whitehorse': ['867'],
};

/** `clock` is the zone that cut-offs are told in, `zone` the one the number lives in. */
export type NumberZone = { readonly zone: string; readonly clock: string };

const AREAS: ReadonlyMap<string, NumberZone> = new Map([
  ...US_REGIONS.flatMap(({ clock, zones }) => placed(zones, () => clock)),
  ...placed(CANADA, (zone) => zone),
]);

function placed(zones: Region['zones'], clockOf: (zone: string) => string): readonly (readonly [string, NumberZone])[] {
  return Object.entries(zones).flatMap(([zone, lists]) =>
    lists.flatMap((list) => list.split(' ').map((area) => [area, { zone, clock: clockOf(zone) }] as const)),
  );
}

/** @returns undefined for an area code that has no place, as those of toll-free numbers */
export const nanpZone = (area: string): NumberZone | undefined => AREAS.get(area);
export const NANP_AREAS: readonly string[] = [...AREAS.keys()];
