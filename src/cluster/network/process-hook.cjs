// Loaded into Node processes of the cluster by NODE_OPTIONS, before anything of their own: what listens on all addresses
// listens on the pod's, names of the cluster resolve to addresses of this machine, and everything else stays as it was.
// Plain CommonJS for every Node since 20; it needs nothing but Node and never throws while it loads.

"use strict";

const dns = require("node:dns");
const fs = require("node:fs");
const module_ = require("node:module");
const net = require("node:net");

const address = process.env.KEELSON_POD_ADDRESS;
const namespace = process.env.KEELSON_POD_NAMESPACE ?? "default";
const tablePath = process.env.KEELSON_NAMES;
/** The pod has a proxy, which knows its connections by where they come from. */
const isMember = process.env.KEELSON_MEMBER === "1";
/** Port a program asks for → port it gets, where this machine cannot give it the first. */
const listenPorts = parsePairs(process.env.KEELSON_PORT_MAP);
/** Ports of this pod: connections to localhost go to the pod's address. */
const ownPorts = new Set(
  (process.env.KEELSON_POD_PORTS ?? "").split(",").filter(Boolean).map(Number),
);

if (address) patchListen();
if (tablePath) patchLookup();
if (address || tablePath) patchConnect();
module_.syncBuiltinESMExports();

function parsePairs(text) {
  const pairs = (text ?? "").split(",").filter(Boolean);
  return new Map(pairs.map((pair) => pair.split("=").map(Number)));
}

// --- the table ---

let table = { names: {}, aliases: {}, ports: {} };
let seen = "";

/** Read again when the file was replaced; a file that cannot be read leaves what was known. */
function currentTable() {
  if (!tablePath) return table;
  try {
    const { mtimeMs, ino, size } = fs.statSync(tablePath);
    const version = `${mtimeMs}/${ino}/${size}`;
    if (version !== seen) {
      table = JSON.parse(fs.readFileSync(tablePath, "utf8"));
      seen = version;
    }
  } catch {
    // The runtime has gone, or has not written yet.
  }
  return table;
}

/** A pod's search list: the namespace's Services, then `service.namespace`, then `service.namespace.svc`. */
function searchKeys(name) {
  const whole = /^(.+)\.svc\.cluster\.local$/.exec(name);
  if (whole) return [whole[1]];
  const service = /^(.+)\.svc$/.exec(name);
  return [
    `${name}.${namespace}`,
    ...(name.includes(".") ? [name] : []),
    ...(service ? [service[1]] : []),
  ];
}

/** `{ addresses }`, `{ alias }`, or undefined for what is not the cluster's. */
function find(hostname) {
  if (typeof hostname !== "string" || hostname === "" || net.isIP(hostname)) return undefined;
  const name = hostname.toLowerCase().replace(/\.$/, "");
  if (name === "localhost") return undefined;
  const { names, aliases } = currentTable();
  for (const key of searchKeys(name)) {
    if (Object.hasOwn(names, key)) return { addresses: names[key] };
    if (Object.hasOwn(aliases, key)) return { alias: aliases[key] };
  }
  // No other server knows these.
  return /\.cluster\.local$|\.svc$/.test(name) ? { addresses: [] } : undefined;
}

// --- names ---

let turn = 0;

function rotated(addresses) {
  const at = addresses.length === 0 ? 0 : turn++ % addresses.length;
  return [...addresses.slice(at), ...addresses.slice(0, at)];
}

function notFound(hostname) {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  return Object.assign(error, {
    errno: -3008,
    code: "ENOTFOUND",
    syscall: "getaddrinfo",
    hostname,
  });
}

/** What dns.lookup answers, or undefined to ask the real one. */
function answer(hostname, options) {
  const found = find(hostname);
  if (found === undefined || found.alias !== undefined) return found;
  const wanted = typeof options === "number" ? options : options?.family;
  const fits = wanted !== 6 && wanted !== "IPv6";
  const addresses = fits ? rotated(found.addresses) : [];
  if (addresses.length === 0) return { error: notFound(hostname) };
  return { list: addresses.map((one) => ({ address: one, family: 4 })) };
}

function patchLookup() {
  const { lookup } = dns;
  const patched = function (hostname, options, callback) {
    const done = typeof options === "function" ? options : callback;
    const given = typeof options === "function" ? {} : options;
    const known = typeof done === "function" ? answer(hostname, given) : undefined;
    if (known === undefined) return lookup.apply(this, arguments);
    if (known.alias !== undefined) return lookup.call(this, known.alias, given, done);
    const { error, list } = known;
    process.nextTick(() => {
      if (error) done(error);
      else if (given?.all) done(null, list);
      else done(null, list[0].address, list[0].family);
    });
    return {};
  };
  // util.promisify reads the names of the results from a property of the function.
  Object.defineProperties(patched, Object.getOwnPropertyDescriptors(lookup));
  dns.lookup = patched;

  const { lookup: lookupPromise } = dns.promises;
  dns.promises.lookup = async function lookup(hostname, options) {
    const known = answer(hostname, options);
    if (known === undefined) return lookupPromise.apply(this, arguments);
    if (known.alias !== undefined) return lookupPromise.call(this, known.alias, options);
    if (known.error) throw known.error;
    return options?.all ? known.list : known.list[0];
  };
}

// --- listening ---

function isUnspecified(host) {
  return host === undefined || host === null || host === "" || host === "0.0.0.0" || host === "::";
}

/** A fixed port on all addresses goes to the pod's; port 0, other addresses, pipes and handles stay. */
function rebind(args) {
  const [first] = args;
  if (typeof first === "object" && first !== null) {
    const fixed = first.port !== undefined && first.port !== null && Number(first.port) !== 0;
    const other = first.path !== undefined || first.fd !== undefined || first._handle !== undefined;
    if (!fixed || other || !isUnspecified(first.host)) return args;
    return [{ ...first, host: address, port: portFor(first.port) }, ...args.slice(1)];
  }
  const port = typeof first === "string" && first.trim() !== "" ? Number(first) : first;
  if (!Number.isInteger(port) || port <= 0) return args;
  const [, host] = args;
  const givesHost = typeof host === "string" || host === null || host === undefined;
  if (givesHost && !isUnspecified(host)) return args;
  return [portFor(port), address, ...args.slice(givesHost ? 2 : 1)];
}

function portFor(port) {
  ownPorts.add(Number(port));
  return listenPorts.get(Number(port)) ?? port;
}

function patchListen() {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    return listen.apply(this, rebind(args));
  };
}

// --- connecting ---

const LOCAL = new Set(["localhost", "127.0.0.1", "::1", "0.0.0.0", "::"]);

/** Where a connection really goes; undefined: where it wants to. */
function redirect(host, port) {
  const wanted = Number(port);
  if (address && ownPorts.has(wanted) && (isUnspecified(host) || LOCAL.has(String(host)))) {
    return { host: address, port: listenPorts.get(wanted) ?? wanted };
  }
  if (typeof host !== "string") return undefined;
  const { ports } = currentTable();
  for (const key in ports) return mapped(ports, host, wanted);
  return undefined;
}

function mapped(ports, host, port) {
  const at = net.isIP(host) ? host : find(host)?.addresses?.[0];
  const target = at === undefined ? undefined : ports[`${at}:${port}`];
  if (target === undefined) return undefined;
  const colon = target.lastIndexOf(":");
  return { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
}

function redirectOptions(options) {
  if (typeof options !== "object" || options === null || options.path || options.port === undefined)
    return options;
  const to = redirect(options.host, options.port);
  const next = to === undefined ? options : { ...options, ...to };
  const bound = next.localAddress !== undefined || !leadsToCluster(next.host);
  return bound ? next : { ...next, localAddress: address };
}

/** Only the cluster's own addresses can be reached from a pod's. */
function leadsToCluster(host) {
  if (!isMember || !address || typeof host !== "string") return false;
  const at = net.isIP(host) ? host : find(host)?.addresses?.[0];
  return typeof at === "string" && at.startsWith("127.") && !LOCAL.has(at);
}

function patchConnect() {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    const [first] = args;
    // Node's own callers pass [options, callback] with a mark on the array, which has to stay.
    if (Array.isArray(first)) first[0] = redirectOptions(first[0]);
    else if (typeof first === "object") args[0] = redirectOptions(first);
    else if (Number.isInteger(Number(first)) && first !== "" && first !== null) {
      const hasHost = typeof args[1] === "string";
      const options = redirectOptions({ port: first, host: hasHost ? args[1] : undefined });
      args.splice(0, hasHost ? 2 : 1, options);
    }
    return connect.apply(this, args);
  };
}
