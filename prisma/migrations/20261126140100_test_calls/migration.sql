-- ---- calls that an edge places to see whether a trunk works ----

CREATE TABLE "test_call" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "trunk_id" UUID NOT NULL,
    "target" TEXT NOT NULL CHECK ("target" IN ('number', 'pbx')),
    "from_number" TEXT,
    "to_number" TEXT NOT NULL,
    "talk_secs" INTEGER NOT NULL CHECK ("talk_secs" BETWEEN 1 AND 30),
    "state" TEXT NOT NULL DEFAULT 'queued' CHECK ("state" IN ('queued', 'dialling', 'completed', 'failed')),
    "edge_id" UUID,
    "edge_name" TEXT,
    "sip_code" INTEGER,
    "reason" TEXT,
    "answered" BOOLEAN,
    "post_dial_delay_ms" INTEGER,
    "duration_ms" INTEGER,
    "media_packets" INTEGER,
    "sip_call_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "dialled_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "test_call_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "test_call_trunk_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "test_call_ended_check" CHECK (("state" IN ('completed', 'failed')) = ("ended_at" IS NOT NULL))
);
CREATE INDEX "test_call_page_idx" ON "test_call"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "test_call_open_idx" ON "test_call"("created_at") WHERE "ended_at" IS NULL;

ALTER TABLE "test_call" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "test_call" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "test_call" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "test_call" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "test_call" TO trunkline_app, trunkline_system;
