-- A number that goes back to its carrier: written down before the carrier is asked, and open until it has answered.

CREATE TABLE "number_return" (
    "id" UUID NOT NULL,
    "e164" TEXT NOT NULL,
    "supplier" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3),
    "returned_at" TIMESTAMPTZ(3),

    CONSTRAINT "number_return_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "number_return_open_key" ON "number_return"("e164") WHERE "returned_at" IS NULL;
CREATE INDEX "number_return_next_at_idx" ON "number_return"("next_at") WHERE "next_at" IS NOT NULL;
ALTER TABLE "number_return" ADD CONSTRAINT "number_return_e164_fkey" FOREIGN KEY ("e164") REFERENCES "number_inventory"("e164") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_return" ADD CHECK (("next_at" IS NULL) = ("returned_at" IS NOT NULL));
GRANT SELECT ON "number_return" TO trunkline_app;
GRANT SELECT, INSERT ON "number_return" TO trunkline_system;
GRANT UPDATE ("attempts", "next_at", "returned_at") ON "number_return" TO trunkline_system;

-- one more move: a carrier may sell us again what it was given back
CREATE OR REPLACE FUNCTION guard_number_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.state = ANY (CASE OLD.state
    WHEN 'available' THEN '{reserved,ordered,assigned}'
    WHEN 'reserved' THEN '{available,ordered,assigned}'
    WHEN 'ordered' THEN '{requirement_pending,assigned,available,unavailable}'
    WHEN 'requirement_pending' THEN '{ordered}'
    WHEN 'assigned' THEN '{suspended,quarantined,porting_out,ported_out}'
    WHEN 'suspended' THEN '{assigned}'
    WHEN 'quarantined' THEN '{assigned,available,released,reserved,ordered}'
    WHEN 'released' THEN '{assigned}'
    WHEN 'port_pending' THEN '{assigned}'
    WHEN 'porting_out' THEN '{ported_out,assigned}'
    WHEN 'ported_out' THEN '{assigned}'
    ELSE '{}' END::text[]) THEN
    RAISE EXCEPTION 'a number does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- and may be ported to us by whoever has it then
ALTER POLICY tenant_moves ON "number_inventory"
  USING ("state" IN ('available', 'reserved', 'quarantined') OR EXISTS (SELECT FROM "number_assignment" a WHERE a.e164 = number_inventory.e164 AND a.released_at IS NULL)
    OR ("state" IN ('ported_out', 'released') AND EXISTS (SELECT FROM "expected_number" x WHERE x.e164 = number_inventory.e164)));

-- what a carrier tells of by itself is found by the reference that it was asked under
CREATE INDEX "number_order_item_supplier_reference_idx" ON "number_order_item"("supplier_reference") WHERE "state" = 'ordering';
