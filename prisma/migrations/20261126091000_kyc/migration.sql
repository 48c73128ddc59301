-- ---- who a tenant is: its file, its documents, and what it may hold until the operator has looked at them ----

CREATE TABLE "kyc_file" (
    "tenant_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "legal_name" TEXT,
    "registration_number" TEXT,
    "tax_id" TEXT,
    "address_line" TEXT,
    "city" TEXT,
    "postal_code" TEXT,
    "country" CHAR(2),
    "use_case" TEXT,
    "use_case_detail" TEXT,
    "calls_per_day" INTEGER,
    "destinations" TEXT[] NOT NULL DEFAULT '{}',
    "submitted_at" TIMESTAMPTZ(3),
    "reviewed_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "risk_score" INTEGER,
    "risk_factors" TEXT[] NOT NULL DEFAULT '{}',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "kyc_file_pkey" PRIMARY KEY ("tenant_id")
);
CREATE TABLE "kyc_document" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "byte_count" INTEGER NOT NULL,
    "content_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "kyc_document_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "kyc_policy" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "approved_for_months" INTEGER NOT NULL DEFAULT 12,
    "channels_max" INTEGER,
    "numbers_max" INTEGER,
    "calls_per_second_max" INTEGER,
    "countries" TEXT[],

    CONSTRAINT "kyc_policy_pkey" PRIMARY KEY ("only")
);
ALTER TABLE "kyc_file" ADD CONSTRAINT "kyc_file_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "kyc_document" ADD CONSTRAINT "kyc_document_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "kyc_file" ADD CHECK ("state" IN ('unverified', 'submitted', 'more_information', 'approved', 'rejected', 'expired')), ADD CHECK ("calls_per_day" >= 0);
ALTER TABLE "kyc_document" ADD CHECK ("byte_count" > 0), ADD CHECK (octet_length("content_hash") = 32);
ALTER TABLE "kyc_policy" ADD CHECK ("only"), ADD CHECK ("approved_for_months" BETWEEN 1 AND 60),
  ADD CHECK ("channels_max" >= 0 AND "numbers_max" >= 0), ADD CHECK ("calls_per_second_max" > 0);
INSERT INTO "kyc_policy" ("only") VALUES (true);
CREATE INDEX "kyc_file_queue_idx" ON "kyc_file" ("submitted_at") WHERE "state" = 'submitted';

-- beside the counts, where an order looks anyway. No request of a tenant can write it.
ALTER TABLE "tenant_node" ADD COLUMN "verified_until" TIMESTAMPTZ(3);
CREATE INDEX "tenant_node_verified_until_idx" ON "tenant_node" ("verified_until") WHERE "verified_until" IS NOT NULL;
GRANT UPDATE ("verified_until") ON "tenant_node" TO trunkline_system;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['kyc_file', 'kyc_document'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT UPDATE ON "kyc_file" TO trunkline_app, trunkline_system;
GRANT UPDATE ("deleted_at") ON "kyc_document" TO trunkline_app;
GRANT SELECT ON "kyc_policy" TO trunkline_app;
GRANT SELECT, UPDATE ON "kyc_policy" TO trunkline_system;

-- What an order claims is also held against the policy for tenants that are not verified (TL002): their own channels and numbers, without those of tenants below.
-- The tenant's node is locked by then, so two orders do not both find room. Of what the policy says of trunks, the row is returned: none when it says nothing.
DROP FUNCTION claim_own_allotment(int, int);
CREATE FUNCTION claim_own_allotment(channels int, numbers int, as_of timestamptz) RETURNS TABLE ("callsPerSecondMax" int, countries text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  own tenant_node;
  policy kyc_policy;
  of_channels bigint;
  of_numbers bigint;
  beyond json;
BEGIN
  -- most tenants have nobody above them and room: one row, and no search for a path
  UPDATE tenant_node n SET channels_used = n.channels_used + channels, numbers_used = n.numbers_used + numbers
  WHERE n.id = current_tenant() AND n.parent_id IS NULL AND (channels <> 0 OR numbers <> 0)
    AND (channels <= 0 OR coalesce(n.channels_used + channels <= n.channels_allotted, true))
    AND (numbers <= 0 OR coalesce(n.numbers_used + numbers <= n.numbers_allotted, true))
  RETURNING n.* INTO own;
  IF NOT FOUND THEN
    IF channels <> 0 OR numbers <> 0 THEN
      PERFORM claim_allotment(current_tenant(), channels, numbers, 0);
    END IF;
    SELECT n.* INTO own FROM tenant_node n WHERE n.id = current_tenant();
  END IF;
  IF own.verified_until > as_of THEN RETURN; END IF;
  SELECT p.* INTO policy FROM kyc_policy p;
  IF (channels > 0 AND policy.channels_max IS NOT NULL) OR (numbers > 0 AND policy.numbers_max IS NOT NULL) THEN
    SELECT own.channels_used - coalesce(sum(c.channels_used), 0), own.numbers_used - coalesce(sum(c.numbers_used), 0) INTO of_channels, of_numbers
    FROM tenant_node c WHERE c.parent_id = own.id;
    beyond := CASE WHEN channels > 0 AND of_channels > policy.channels_max THEN json_build_object('resource', 'channels', 'max', policy.channels_max)
      WHEN numbers > 0 AND of_numbers > policy.numbers_max THEN json_build_object('resource', 'numbers', 'max', policy.numbers_max) END;
    IF beyond IS NOT NULL THEN
      RAISE EXCEPTION 'not verified' USING ERRCODE = 'TL002', DETAIL = beyond::text;
    END IF;
  END IF;
  IF policy.calls_per_second_max IS NOT NULL OR policy.countries IS NOT NULL THEN
    RETURN QUERY SELECT policy.calls_per_second_max, policy.countries;
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION claim_own_allotment(int, int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_own_allotment(int, int, timestamptz) TO trunkline_app;
