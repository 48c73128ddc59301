-- ---- who follows events that are published only for those who follow them ----

CREATE TABLE "live_interest" (
    "tenant_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "live_interest_pkey" PRIMARY KEY ("tenant_id","type")
);
ALTER TABLE "live_interest" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "live_interest" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "live_interest" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "live_interest" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "live_interest" TO trunkline_system;
