-- the carrier's view that an order was last compared with to no news, and the order's revision then: while both are the same, neither has news
ALTER TABLE "port_order" ADD COLUMN "seen_version" INTEGER;
ALTER TABLE "port_order" ADD COLUMN "seen_revision" INTEGER;
