// Every figure the app keeps, each recorded once. Two readers may take it away: OTLP pushes it, `/metrics` serves it; they
// read the same instruments, so a counter at n is n on both, and the README says how not to add the two together.

import { metrics } from "@opentelemetry/api";

// Metrics have no stand-in as traces have: `main.ts` sets the provider before anything loads this file.
const meter = metrics.getMeter("storefront");

export const requestDuration = meter.createHistogram("http.server.request.duration", {
  description: "How long requests took. Rate, errors and percentiles by route come from here.",
  unit: "s",
});

export const activeRequests = meter.createUpDownCounter("http.server.active_requests", {
  description: "Requests being answered.",
});

export const openConnections = meter.createUpDownCounter("http.server.open_connections", {
  description: "Connections from clients, busy or idle.",
});

export const databaseDuration = meter.createHistogram("db.client.operation.duration", {
  description: "How long the database and the cache took to answer.",
  unit: "s",
});

export const databaseConnections = meter.createObservableGauge("db.client.connection.count", {
  description: "Connections of the pool by state.",
});

export const cacheRequests = meter.createCounter("storefront.cache.requests", {
  description: "Reads of the cache by result: hit, miss or error.",
});

export const ordersPlaced = meter.createCounter("storefront.orders.placed", {
  description: "Orders placed, by product.",
});

export const revenue = meter.createCounter("storefront.revenue", {
  description: "Value of the orders placed, in euros.",
  unit: "{EUR}",
});

export const activeUsers = meter.createObservableGauge("storefront.active_users", {
  description:
    "Sessions of the last five minutes. Replicas that share a cache report the same number: take max().",
});

export const featureUses = meter.createCounter("storefront.feature.uses", {
  description: "What people did with the shop, by feature.",
});

export const mailsHandled = meter.createCounter("storefront.mails.handled", {
  description: "Mail jobs by outcome: delivered or failed.",
});
