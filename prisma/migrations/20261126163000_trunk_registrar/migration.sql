-- ---- where a trunk's edge registers itself ----

CREATE TABLE "trunk_registrar" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "uri" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "realm" TEXT NOT NULL,
    "ha1_md5_sealed" BYTEA NOT NULL,
    "expires_secs" INTEGER NOT NULL CHECK ("expires_secs" BETWEEN 60 AND 3600),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "trunk_registrar_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "trunk_registrar_trunk_fkey" FOREIGN KEY ("tenant_id", "id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "trunk_registrar_id_idx" ON "trunk_registrar"("id");

ALTER TABLE "trunk_registrar" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "trunk_registrar" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "trunk_registrar" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "trunk_registrar" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "trunk_registrar" TO trunkline_app, trunkline_system;
