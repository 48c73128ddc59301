-- Measured by `npm run bench -- numbers`, in pages read: what a search passes over is told by the index of what is for sale alone, with the country, the
-- area and the type that nearly every search names; only the rows that it answers with are read from the table.
DROP INDEX "number_inventory_sale_idx";
CREATE INDEX "number_inventory_sale_idx" ON "number_inventory" ("e164" text_pattern_ops)
  INCLUDE ("state", "quarantined_until", "reserved_until", "country", "area_code", "type")
  WHERE "state" IN ('available', 'reserved', 'quarantined');
