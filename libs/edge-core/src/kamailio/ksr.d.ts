/** The few functions of Kamailio's KEMI that the decision uses. */
declare const KSR: {
  readonly pv: {
    get(name: string): string | number | null;
    sets(name: string, value: string): void;
    seti(name: string, value: number): void;
  };
  readonly dialog: {
    set_dlg_profile(profile: string, value: string): number;
    get_profile_size(profile: string, value: string, pv: string): number;
  };
  readonly htable: { sht_get(table: string, key: string): string | number | null };
};
