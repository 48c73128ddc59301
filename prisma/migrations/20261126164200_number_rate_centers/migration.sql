-- Where a number of North America is rated: its rate center, and the LATA (local access and transport area, United States) that this is in.
ALTER TABLE "number_inventory" ADD COLUMN "rate_center" TEXT, ADD COLUMN "lata" TEXT CHECK ("lata" ~ '^[0-9]{3}$');
CREATE INDEX "number_inventory_rate_center_idx" ON "number_inventory" (lower("rate_center"), "e164" text_pattern_ops)
  WHERE "state" IN ('available', 'reserved', 'quarantined') AND "rate_center" IS NOT NULL;
CREATE INDEX "number_inventory_lata_idx" ON "number_inventory" ("lata", "e164" text_pattern_ops)
  WHERE "state" IN ('available', 'reserved', 'quarantined') AND "lata" IS NOT NULL;
