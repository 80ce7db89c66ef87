// What the shop answers, path by path.

import type { BackEnds } from "../back-ends.ts";
import type { HealthCheck } from "../health.ts";
import { readOrderRequest, textField, type Refusals } from "../orders/order.ts";
import { PRODUCTS } from "../orders/products.ts";
import type { Shop } from "../shop.ts";
import { log, messageOf } from "../telemetry/log.ts";
import { featureUses } from "../telemetry/metrics.ts";
import { pictureType, readFields, readPicture } from "./body.ts";
import { HttpError, json, wantsPage, type Answer, type Exchange } from "./exchange.ts";
import { renderPage, STYLE } from "./page.ts";

export interface Route {
  readonly method: "GET" | "POST";
  /** `/orders/:id`: the name traces and metrics use, so that their number stays small. */
  readonly path: string;
  /** Asked by machines every few seconds: neither traced nor logged. */
  readonly isQuiet?: true;
  readonly handle: (exchange: Exchange) => Promise<Answer> | Answer;
}

export interface RoutesOptions {
  readonly shop: Shop;
  readonly backEnds: BackEnds;
  readonly health: HealthCheck;
  /** False once the process has been told to end. */
  readonly isAccepting: () => boolean;
}

const LIST_DEFAULT = 20;
const LIST_MAX = 100;
const LEADERS = 5;
/** Of orders and of pictures. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOTICES: Readonly<Record<string, string>> = {
  order: "Thank you! Your order is placed.",
  picture: "Your picture is stored.",
};

export function shopRoutes(options: RoutesOptions): readonly Route[] {
  const { shop, backEnds } = options;
  return [
    { method: "GET", path: "/", handle: (exchange) => showPage(options, exchange) },
    {
      method: "GET",
      path: "/style.css",
      isQuiet: true,
      handle: () => ({ status: 200, headers: { "content-type": "text/css" }, body: STYLE }),
    },
    { method: "GET", path: "/products", handle: () => json(200, { products: PRODUCTS }) },
    { method: "POST", path: "/orders", handle: (exchange) => placeOrder(options, exchange) },
    {
      method: "GET",
      path: "/orders",
      handle: async ({ url }) => json(200, { orders: await shop.list(limitOf(url)) }),
    },
    { method: "GET", path: "/orders/:id", handle: (exchange) => showOrder(shop, exchange) },
    { method: "GET", path: "/leaders", handle: () => showLeaders(backEnds) },
    { method: "POST", path: "/uploads", handle: (exchange) => upload(backEnds, exchange) },
    { method: "GET", path: "/uploads/:key", handle: (exchange) => showPicture(backEnds, exchange) },
    { method: "GET", path: "/mail", handle: () => showMail(backEnds) },
    ...healthRoutes(options),
  ];
}

/** Alive needs nothing but the process; ready needs the order store. */
function healthRoutes({ health, isAccepting }: RoutesOptions): readonly Route[] {
  const alive = (): Answer => ({
    status: 200,
    headers: { "content-type": "text/plain" },
    body: "ok\n",
  });
  return [
    { method: "GET", path: "/livez", isQuiet: true, handle: alive },
    { method: "GET", path: "/healthz", isQuiet: true, handle: alive },
    {
      method: "GET",
      path: "/readyz",
      isQuiet: true,
      handle: async () => {
        if (!isAccepting()) return json(503, { status: "ending", features: [] });
        const { isReady, features } = await health.check();
        const isWhole = features.every(({ state }) => state === "ok");
        const status = isReady ? (isWhole ? "ready" : "degraded") : "not ready";
        return json(isReady ? 200 : 503, { status, features });
      },
    },
  ];
}

async function showPage(options: RoutesOptions, { url, session }: Exchange): Promise<Answer> {
  const customer = session.customer;
  const notice = NOTICES[url.searchParams.get("done") ?? ""];
  const picture = url.searchParams.get("picture") ?? "";
  return page(200, options, {
    values: customer === undefined ? {} : { customer },
    ...(notice === undefined ? {} : { notice }),
    ...(UUID.test(picture) ? { picture } : {}),
  });
}

type PageState = Pick<Parameters<typeof renderPage>[0], "values" | "notice" | "picture"> & {
  readonly refusals?: Refusals;
};

async function page(
  status: number,
  { shop, backEnds, health }: RoutesOptions,
  state: PageState,
): Promise<Answer> {
  const [orders, leaders, mail, { features }] = await Promise.all([
    shop.list(LIST_DEFAULT).catch(missing("orders")),
    backEnds.cache?.leaders(LEADERS),
    backEnds.mail?.count().catch(missing("mail")),
    health.check(),
  ]);
  const body = renderPage({ ...state, orders, leaders, mail, features });
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

/** A part of the page that cannot be had is said on the page, and in the log. */
function missing(feature: string): (error: unknown) => undefined {
  return (error) => {
    log.warn("part of the page is missing", { feature, error: messageOf(error) });
    return undefined;
  };
}

async function placeOrder(options: RoutesOptions, exchange: Exchange): Promise<Answer> {
  const { request, sessionId } = exchange;
  const fields = await readFields(request);
  const read = readOrderRequest(fields);
  if ("refusals" in read) {
    if (!wantsPage(request)) return json(422, { refusals: read.refusals });
    const values = {
      product: textField(fields, "product"),
      quantity: textField(fields, "quantity"),
      customer: textField(fields, "customer"),
    };
    return page(422, options, { values, refusals: read.refusals });
  }
  const order = await options.shop.place(read.request);
  await options.backEnds.cache?.saveSession(sessionId, { customer: order.customer });
  if (wantsPage(request)) return seeOther("/?done=order");
  return json(201, order, { location: `/orders/${order.id}` });
}

async function showOrder(shop: Shop, { parameters: { id = "" } }: Exchange): Promise<Answer> {
  const { order, cache } = UUID.test(id)
    ? await shop.find(id)
    : { order: undefined, cache: "none" as const };
  if (order === undefined) throw new HttpError(404, "there is no such order");
  return json(200, order, { "x-cache": cache });
}

async function showLeaders({ cache }: BackEnds): Promise<Answer> {
  const leaders = await cache?.leaders(LEADERS);
  if (leaders === undefined)
    throw new HttpError(503, "the cache is away: nobody counts what sells");
  return json(200, { leaders });
}

async function upload({ uploads }: BackEnds, { request }: Exchange): Promise<Answer> {
  if (uploads === undefined)
    throw new HttpError(503, "no bucket is bound: pictures cannot be kept");
  const bytes = await readPicture(request);
  const type = pictureType(bytes);
  if (type === undefined) throw new HttpError(415, "send a PNG, JPEG, GIF or WebP picture");
  const key = await uploads.save(bytes, type);
  featureUses.add(1, { feature: "picture" });
  if (wantsPage(request)) return seeOther(`/?done=picture&picture=${key}`);
  return json(201, { key, url: `/uploads/${key}` }, { location: `/uploads/${key}` });
}

async function showPicture(
  { uploads }: BackEnds,
  { parameters: { key = "" } }: Exchange,
): Promise<Answer> {
  const picture = UUID.test(key) ? await uploads?.find(key) : undefined;
  if (picture === undefined) throw new HttpError(404, "there is no such picture");
  const headers = { "content-type": picture.type, "cache-control": "public, max-age=86400" };
  return { status: 200, headers, body: picture.body };
}

async function showMail({ mail }: BackEnds): Promise<Answer> {
  if (mail === undefined) throw new HttpError(503, "no queue is bound: no mail is sent");
  return json(200, { queue: mail.name, ...(await mail.count()) });
}

function limitOf({ searchParams }: URL): number {
  const limit = Number(searchParams.get("limit") ?? LIST_DEFAULT);
  if (Number.isInteger(limit) && limit > 0) return Math.min(limit, LIST_MAX);
  throw new HttpError(400, "limit must be a whole number above 0");
}

const seeOther = (location: string): Answer => ({ status: 303, headers: { location } });
