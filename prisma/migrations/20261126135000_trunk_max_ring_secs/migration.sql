-- How long an inbound call of the trunk rings at each target; null is the edge's two minutes.
ALTER TABLE "trunk" ADD COLUMN "max_ring_secs" INTEGER CHECK ("max_ring_secs" BETWEEN 5 AND 180);
