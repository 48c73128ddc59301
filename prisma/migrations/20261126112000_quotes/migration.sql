-- What an order would cost, as it was told to a tenant that asked before it ordered.
CREATE TABLE "quote" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "lines" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "quote_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE INDEX "quote_expires_at_idx" ON "quote"("expires_at");
ALTER TABLE "quote" ADD CONSTRAINT "quote_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "quote" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "quote" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "quote" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "quote" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "quote" TO trunkline_app;
GRANT SELECT, DELETE ON "quote" TO trunkline_system;
