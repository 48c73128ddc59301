-- Which answers send an inbound call to the next route; null is 408 and every 5xx.
ALTER TABLE "trunk" ADD COLUMN "reroute_codes" INTEGER[];
ALTER TABLE "trunk" ADD CHECK (300 <= ALL ("reroute_codes") AND 700 > ALL ("reroute_codes"));
-- Where an inbound call goes when nothing else took it.
ALTER TABLE "trunk" ADD COLUMN "disaster_recovery_uri" TEXT;

-- Inbound routes that exist share their priority's calls evenly. This is of all tenants, so the owner is let past the policies for it.
ALTER TABLE "trunk" NO FORCE ROW LEVEL SECURITY;
UPDATE "trunk" SET "inbound_routes" = (SELECT jsonb_agg('{"weight": 1}' || route ORDER BY place) FROM jsonb_array_elements("inbound_routes") WITH ORDINALITY AS r (route, place))
WHERE "inbound_routes" <> '[]';
ALTER TABLE "trunk" FORCE ROW LEVEL SECURITY;

ALTER TABLE "carrier_route" ADD COLUMN "weight" INTEGER NOT NULL DEFAULT 1 CHECK ("weight" BETWEEN 1 AND 100);
