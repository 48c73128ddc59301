-- ---- trunks: how fast, as whom and over what they call ----

ALTER TABLE "trunk"
  ADD COLUMN "calls_per_second_max" INTEGER CHECK ("calls_per_second_max" BETWEEN 1 AND 1000),
  ADD COLUMN "caller_id_policy" TEXT NOT NULL DEFAULT 'reject' CHECK ("caller_id_policy" IN ('reject', 'replace')),
  ADD COLUMN "tech_prefix" TEXT CHECK ("tech_prefix" ~ '^[0-9#*]{2,10}$'),
  ADD COLUMN "tls_required" BOOLEAN NOT NULL DEFAULT false,
  ADD CONSTRAINT "trunk_replaced_caller_id_check" CHECK ("caller_id_policy" <> 'replace' OR "default_caller_id" IS NOT NULL);

-- ---- trunks known by address ----

-- All numbers that begin with a tech prefix, as a range of ten-symbol strings: two prefixes of which one begins the other overlap, and
-- no prefix overlaps everything.
CREATE FUNCTION tech_prefix_range(prefix text) RETURNS int8range LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  width bigint := 61917364224; -- twelve symbols to the power of ten
  low bigint := 0;
  symbol text;
BEGIN
  IF prefix IS NULL THEN RETURN int8range(NULL, NULL); END IF;
  FOREACH symbol IN ARRAY regexp_split_to_array(prefix, '') LOOP
    width := width / 12;
    low := low + width * (strpos('0123456789#*', symbol) - 1);
  END LOOP;
  RETURN int8range(low, low + width);
END $$;
REVOKE EXECUTE ON FUNCTION tech_prefix_range(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tech_prefix_range(text) TO trunkline_app, trunkline_system;

CREATE TABLE "trunk_address" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "trunk_id" UUID NOT NULL,
    "network" INET NOT NULL CHECK ("network" = network("network")::inet AND family("network") = 4 AND masklen("network") >= 24),
    "tech_prefix" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "trunk_address_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "trunk_address_tenant_id_trunk_id_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    -- across all tenants, whose rows the one who asks cannot see
    CONSTRAINT "trunk_address_taken" EXCLUDE USING gist ("network" inet_ops WITH &&, tech_prefix_range("tech_prefix") WITH &&) WHERE ("released_at" IS NULL)
);
CREATE INDEX "trunk_address_tenant_id_trunk_id_idx" ON "trunk_address"("tenant_id", "trunk_id");
CREATE INDEX "trunk_address_trunk_id_idx" ON "trunk_address"("trunk_id");

ALTER TABLE "trunk_address" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "trunk_address" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "trunk_address" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "trunk_address" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "trunk_address" TO trunkline_app, trunkline_system;

-- A tenant's request may not read the carriers, and may not take their addresses either: it learns this one bit.
CREATE FUNCTION carrier_has_address(asked inet) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM carrier_gateway g,
      unnest(g.source_addresses || substring(g.uri FROM '^sips?:(?:[^@]*@)?((?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:[.]|(?=[:;]|$))){4})(?:[:;]|$)')) a
    WHERE a IS NOT NULL AND a::inet <<= asked)
$$;
REVOKE EXECUTE ON FUNCTION carrier_has_address(inet) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carrier_has_address(inet) TO trunkline_app, trunkline_system;

-- ---- credentials: the password before, while both are valid ----

ALTER TABLE "trunk_credential"
  ADD COLUMN "old_ha1_md5_sealed" BYTEA,
  ADD COLUMN "old_valid_until" TIMESTAMPTZ(3),
  ADD CONSTRAINT "trunk_credential_old_check" CHECK (("old_ha1_md5_sealed" IS NULL) = ("old_valid_until" IS NULL));
CREATE INDEX "trunk_credential_old_idx" ON "trunk_credential" ("old_valid_until") WHERE "old_valid_until" IS NOT NULL;

-- ---- edges: addresses that are never banned ----

CREATE TABLE "edge_allow_entry" (
    "id" UUID NOT NULL,
    "network" INET NOT NULL CHECK ("network" = network("network")::inet AND family("network") = 4),
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "edge_allow_entry_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "edge_allow_entry_network_key" ON "edge_allow_entry"("network");
GRANT SELECT, INSERT, DELETE ON "edge_allow_entry" TO trunkline_system;
