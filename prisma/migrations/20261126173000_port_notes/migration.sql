-- what tenant, operator and carrier say to each other about a port
CREATE TABLE "port_note" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "port_order_id" UUID,
    "port_out_id" UUID,
    "side" TEXT NOT NULL CHECK ("side" IN ('tenant', 'operator', 'carrier')),
    "author_id" TEXT NOT NULL,
    "author_member_id" UUID,
    "author_name" TEXT,
    "audience" TEXT NOT NULL CHECK ("audience" IN ('all', 'internal', 'carrier')),
    "body" TEXT NOT NULL,
    "mentions" UUID[] NOT NULL,
    "carrier_note_id" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_note_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "port_note_about_one" CHECK (num_nonnulls("port_order_id", "port_out_id") = 1),
    CONSTRAINT "port_note_internal_is_the_operators" CHECK ("audience" <> 'internal' OR "side" = 'operator')
);

CREATE INDEX "port_note_tenant_id_port_order_id_created_at_idx" ON "port_note"("tenant_id", "port_order_id", "created_at");
CREATE INDEX "port_note_tenant_id_port_out_id_created_at_idx" ON "port_note"("tenant_id", "port_out_id", "created_at");
-- what the carrier said is kept once, however often it is read
CREATE UNIQUE INDEX "port_note_carrier_note_id_key" ON "port_note"("tenant_id", "port_order_id", "carrier_note_id");

ALTER TABLE "port_note" ADD CONSTRAINT "port_note_tenant_id_port_order_id_fkey" FOREIGN KEY ("tenant_id", "port_order_id") REFERENCES "port_order"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_note" ADD CONSTRAINT "port_note_tenant_id_port_out_id_fkey" FOREIGN KEY ("tenant_id", "port_out_id") REFERENCES "port_out"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "port_note" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "port_note" FORCE ROW LEVEL SECURITY;
-- what the operator notes for itself is in no row that a tenant can read or write
CREATE POLICY tenant ON "port_note" TO trunkline_app USING (tenant_id = (SELECT current_tenant()) AND audience <> 'internal') WITH CHECK (tenant_id = (SELECT current_tenant()) AND audience <> 'internal');
CREATE POLICY system ON "port_note" TO trunkline_system USING (true) WITH CHECK (true);
-- a note stays as it was said: only that it went to the carrier is written later
GRANT SELECT, INSERT, UPDATE ("sent_at") ON "port_note" TO trunkline_app, trunkline_system;
