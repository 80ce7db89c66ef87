// Which parts of an injected value are the cluster's names.

import { expect, it } from "vitest";

import { localiseValue } from "./localise.ts";
import { searchKeys } from "./name-table.ts";

const NAMES: Readonly<Record<string, string>> = {
  "orders.data": "127.128.0.1",
  "orders-rw.data": "127.128.0.2",
  "web.shop": "127.128.0.3",
  "kafka-0.kafka.data": "127.64.0.5",
};
const known = {
  find: (host: string) =>
    host === "10.43.0.9"
      ? "127.128.0.9"
      : searchKeys(host, "data").flatMap((key) => NAMES[key] ?? [])[0],
  reach: (host: string, port: number) => (port === 80 ? { host, port: 10_080 } : { host, port }),
};

it.each([
  { name: "a whole value", value: "orders-rw.data.svc.cluster.local", want: "127.128.0.2" },
  { name: "with a trailing dot", value: "orders-rw.data.svc.cluster.local.", want: "127.128.0.2" },
  { name: "short forms", value: "orders.data,orders.data.svc", want: "127.128.0.1,127.128.0.1" },
  { name: "upper case", value: "Orders-RW.data.svc", want: "127.128.0.2" },
  { name: "host and port", value: "orders.data:5432", want: "127.128.0.1:5432" },
  { name: "a bare host with its port", value: "orders:5432", want: "127.128.0.1:5432" },
  { name: "a bare word alone is no host", value: "orders", want: "orders" },
  {
    name: "a URL with user and password",
    value: "postgres://app:orders@orders-rw:5432/orders?sslmode=disable",
    want: "postgres://app:orders@127.128.0.2:5432/orders?sslmode=disable",
  },
  {
    name: "a URL whose port is elsewhere",
    value: "http://web.shop/cart?from=web.shop.example",
    want: "http://127.128.0.3:10080/cart?from=web.shop.example",
  },
  {
    name: "a DSN",
    value: "host=orders-rw port=5432 dbname=orders",
    want: "host=127.128.0.2 port=5432 dbname=orders",
  },
  {
    name: "a list",
    value: "kafka-0.kafka:9092,kafka-1.kafka:9092",
    want: "127.64.0.5:9092,kafka-1.kafka:9092",
  },
  { name: "a ClusterIP", value: "tcp://10.43.0.9:6379", want: "tcp://127.128.0.9:6379" },
  {
    name: "JSON",
    value: '{"host":"orders.data","port":1}',
    want: '{"host":"127.128.0.1","port":1}',
  },
  {
    name: "other hosts",
    value: "https://orders.data.example.com",
    want: "https://orders.data.example.com",
  },
  { name: "an address of e-mail", value: "orders@orders.example", want: "orders@orders.example" },
  { name: "text", value: "the orders of web.shopping", want: "the orders of web.shopping" },
])("$name", ({ value, want }) => {
  expect(localiseValue(value, known)).toBe(want);
});
