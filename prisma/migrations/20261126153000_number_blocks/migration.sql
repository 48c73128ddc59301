-- the numbers of a block are found by what they begin with, all of them: the indexes of the search have only what can be had
CREATE INDEX "number_inventory_block_idx" ON "number_inventory" (left("e164", -3));

CREATE OR REPLACE FUNCTION count_number_blocks(of_prefixes text[]) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO number_block (prefix, country, area_code, numbers, run_max)
  SELECT prefix, min(country), min(area_code), sum(length)::int, max(length)::int FROM (
    SELECT prefix, island, min(country) AS country, min(area_code) AS area_code, count(*) AS length FROM (
      SELECT p.prefix, i.country, i.area_code, substr(i.e164, 2)::bigint - row_number() OVER (PARTITION BY p.prefix ORDER BY i.e164 USING ~<~) AS island
      FROM unnest(of_prefixes) AS p (prefix) JOIN number_inventory i ON left(i.e164, -3) = p.prefix
    ) AS numbered GROUP BY prefix, island
  ) AS islands GROUP BY prefix
  ON CONFLICT (prefix) DO UPDATE SET numbers = excluded.numbers, run_max = excluded.run_max $$;
