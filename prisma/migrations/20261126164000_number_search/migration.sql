-- Measured by `npm run bench -- numbers`: how a million numbers are imported and searched.

-- a city within an area: by the index of cities alone, every Springfield of the country was read for those of one area
CREATE INDEX "number_inventory_area_city_idx" ON "number_inventory" ("country", "area_code", lower("locality"), "e164" text_pattern_ops)
  WHERE "state" IN ('available', 'reserved', 'quarantined') AND "locality" IS NOT NULL;

-- Rows without a gap are counted in the index alone. Each number of a block has been imported at another time, so each is on another page of the table.
DROP INDEX "number_inventory_sale_idx";
CREATE INDEX "number_inventory_sale_idx" ON "number_inventory" ("e164" text_pattern_ops) INCLUDE ("state", "quarantined_until", "reserved_until")
  WHERE "state" IN ('available', 'reserved', 'quarantined');

-- Blocks that have a row at all: of scattered numbers nearly every one is alone in its block.
CREATE INDEX "number_block_runs_idx" ON "number_block" ("prefix" text_pattern_ops) INCLUDE ("run_max") WHERE "run_max" > 1;
CREATE INDEX "number_block_area_runs_idx" ON "number_block" ("country", "area_code", "prefix" text_pattern_ops) INCLUDE ("run_max") WHERE "run_max" > 1;
DROP INDEX "number_block_country_area_code_prefix_idx";

-- A block's numbers are a piece of the index of all numbers in their order; block by block, so that no plan made for few numbers reads all of them for many.
CREATE OR REPLACE FUNCTION count_number_blocks(of_prefixes text[]) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO number_block (prefix, country, area_code, numbers, run_max)
  SELECT p.prefix, b.country, b.area_code, b.numbers, b.run_max FROM unnest(of_prefixes) AS p (prefix) CROSS JOIN LATERAL (
    SELECT min(country) AS country, min(area_code) AS area_code, sum(length)::int AS numbers, max(length)::int AS run_max FROM (
      SELECT min(country) AS country, min(area_code) AS area_code, count(*) AS length FROM (
        SELECT i.country, i.area_code, substr(i.e164, 2)::bigint - row_number() OVER (ORDER BY i.e164 USING ~<~) AS island FROM number_inventory i
        WHERE i.e164 ~>=~ p.prefix AND i.e164 ~<~ (p.prefix || ':') AND length(i.e164) = length(p.prefix) + 3
      ) AS numbered GROUP BY island
    ) AS islands HAVING count(*) > 0
  ) AS b
  ON CONFLICT (prefix) DO UPDATE SET numbers = excluded.numbers, run_max = excluded.run_max $$;
DROP INDEX "number_inventory_block_idx";
