-- what is asked of carriers before an order goes to one: the losing carrier's record of the account, and what the carrier itself wants of such ports
ALTER TABLE "port_order"
  ADD COLUMN "record_state" TEXT CHECK ("record_state" IN ('wanted', 'asked', 'told', 'untold')),
  ADD COLUMN "record_ref" TEXT,
  ADD COLUMN "record_reason" TEXT,
  ADD COLUMN "record_since" TIMESTAMPTZ(3),
  ADD COLUMN "record_due_at" TIMESTAMPTZ(3),
  ADD COLUMN "carrier_asks" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "messaging" TEXT;
CREATE INDEX "port_order_record_due_at_idx" ON "port_order"("record_due_at");
-- the operator's list of disputes
CREATE INDEX "port_out_disputed_idx" ON "port_out"("state_since", "id") WHERE "state" IN ('disputed', 'reversing');
