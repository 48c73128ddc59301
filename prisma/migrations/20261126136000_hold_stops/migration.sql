-- what a hold stops: all calls, or those that the tenant places. Emergency calls pass any hold
ALTER TABLE "hold" ADD COLUMN "stops" TEXT NOT NULL DEFAULT 'all';
ALTER TABLE "hold" ADD CHECK ("stops" IN ('all', 'outbound'));
GRANT UPDATE ("stops", "reason") ON "hold" TO trunkline_subtree;
