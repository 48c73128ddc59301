-- ---- what a port has to tell and to show ----

ALTER TABLE "port_order" ADD COLUMN "customer" TEXT NOT NULL DEFAULT 'business' CHECK ("customer" IN ('business', 'residential'));
ALTER TABLE "port_order" ADD COLUMN "customer_record" JSONB;

CREATE TABLE "port_document" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "byte_count" INTEGER NOT NULL,
    "content_hash" BYTEA NOT NULL,
    "dated_at" TIMESTAMPTZ(3) NOT NULL,
    "numbers_hash" TEXT,
    "signature" JSONB,
    "scanned_by" TEXT NOT NULL,
    "share_link_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "port_document_pkey" PRIMARY KEY ("tenant_id","id")
);
-- what lets somebody without an account show or sign what one order needs
CREATE TABLE "port_share_link" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "allows" TEXT[] NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_share_link_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE INDEX "port_document_tenant_id_order_id_idx" ON "port_document"("tenant_id", "order_id");
CREATE INDEX "port_document_kept_idx" ON "port_document"("created_at") WHERE "erased_at" IS NULL;
CREATE INDEX "port_share_link_tenant_id_order_id_idx" ON "port_share_link"("tenant_id", "order_id");
CREATE UNIQUE INDEX "port_share_link_token_hash_key" ON "port_share_link"("token_hash");

ALTER TABLE "port_document" ADD CONSTRAINT "port_document_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "port_order"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_share_link" ADD CONSTRAINT "port_share_link_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "port_order"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['port_document', 'port_share_link'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
-- a document, and how it was signed, stays as it came: only that it is gone is written later
GRANT UPDATE ("removed_at", "erased_at") ON "port_document" TO trunkline_app, trunkline_system;
GRANT UPDATE ("revoked_at", "used_at") ON "port_share_link" TO trunkline_app, trunkline_system;
