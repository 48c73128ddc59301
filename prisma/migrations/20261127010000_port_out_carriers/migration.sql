-- when a carrier is to be told no for a number that nobody has; null: there is nothing to tell. What a tenant has is told by its port_out
ALTER TABLE "carrier_port_out" ADD COLUMN "tell_due_at" TIMESTAMPTZ(3);
CREATE INDEX "carrier_port_out_tell_due_at_idx" ON "carrier_port_out"("tell_due_at");
-- how a carrier calls a request by now, and the request on the line that an order of it follows
CREATE INDEX "carrier_port_out_port_out_id_idx" ON "carrier_port_out"("port_out_id");
CREATE INDEX "port_out_carrier_purchase_order_idx" ON "port_out"("carrier", "purchase_order");
