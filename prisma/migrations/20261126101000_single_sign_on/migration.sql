-- CreateTable
CREATE TABLE "sso_connection" (
    "tenant_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "client_secret_sealed" BYTEA NOT NULL,
    "allowed_domains" TEXT[],
    "role_claim" TEXT NOT NULL,
    "role_mapping" JSONB NOT NULL,
    "default_role" TEXT,
    "enabled" BOOLEAN NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sso_connection_pkey" PRIMARY KEY ("tenant_id")
);
-- CreateTable
CREATE TABLE "sso_identity" (
    "tenant_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sso_identity_pkey" PRIMARY KEY ("tenant_id","issuer","subject")
);

-- AddForeignKey
ALTER TABLE "sso_connection" ADD CONSTRAINT "sso_connection_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sso_identity" ADD CONSTRAINT "sso_identity_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sso_identity" ADD CONSTRAINT "sso_identity_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what Prisma's schema language cannot say ----

ALTER TABLE "sso_connection" ADD CHECK (cardinality("allowed_domains") > 0), ADD CHECK ("default_role" IN ('admin', 'noc', 'billing', 'read_only'));

-- ---- tenant isolation, and who may do what ----

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['sso_connection', 'sso_identity'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON "sso_connection" TO trunkline_app;
GRANT SELECT ON "sso_connection" TO trunkline_system;
GRANT SELECT, INSERT, UPDATE ON "sso_identity" TO trunkline_system;
