-- Where a carrier's number is rated, as the carrier said when it was found: it goes into the inventory with the number.
ALTER TABLE "number_order_item" ADD COLUMN "rate_center" TEXT, ADD COLUMN "lata" TEXT;
