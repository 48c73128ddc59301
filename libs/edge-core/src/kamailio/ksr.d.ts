/** The few functions of Kamailio's KEMI that the decision uses. */
declare const KSR: {
  readonly pv: {
    get(name: string): string | number | null;
    sets(name: string, value: string): void;
    seti(name: string, value: number): void;
  };
  readonly htable: { sht_get(table: string, key: string): string | number | null };
};
