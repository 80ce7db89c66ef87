#!/usr/bin/env node
// Replays recorded cases against any Kubernetes API server and compares the masked answers.
//
//   BASE_URL=https://127.0.0.1:6443 TOKEN=<cluster-admin token> [CA=ca.crt | INSECURE=1] \
//     node replay.mjs [--only <text>] [--parallel <n>] [--diffs <n>] [--quiet] [--nodes] [--kubectl <path>] file.json ...
//
// Needs Node 20 or newer and nothing else. The token must belong to group system:masters or be
// cluster-admin: cases act as other users through the Impersonate-User header.
// --nodes runs three simulated nodes (see nodes.mjs) for servers that have none of their own.
// Exit status: 0 when every case passes, 1 otherwise. Cases of kind "kubectl" are skipped without --kubectl.
import http from 'node:http';
import https from 'node:https';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const HEADERS_KEPT = ['content-type', 'warning', 'retry-after', 'location', 'allow', 'www-authenticate', 'etag', 'cache-control', 'vary'];
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

export class Client {
  constructor({ baseUrl, token, ca, insecure, parallel = 64 }) {
    this.base = new URL(baseUrl);
    this.token = token;
    this.lib = this.base.protocol === 'https:' ? https : http;
    this.agent = new this.lib.Agent({ keepAlive: true, maxSockets: parallel, ca: ca ? fs.readFileSync(ca) : undefined, rejectUnauthorized: !insecure });
    this.ca = ca; this.insecure = insecure;
  }
  open({ method = 'GET', path: p, headers = {}, body }) {
    const h = { Accept: 'application/json', 'User-Agent': 'oracle/1.0', Authorization: `Bearer ${this.token}` };
    let payload;
    if (body !== undefined) {
      payload = typeof body === 'string' ? body : JSON.stringify(body);
      h['Content-Type'] = 'application/json';
      h['Content-Length'] = Buffer.byteLength(payload);
    }
    for (const [k, v] of Object.entries(headers)) {
      for (const old of Object.keys(h)) if (old.toLowerCase() === k.toLowerCase()) delete h[old];
      if (v !== null) h[k] = v;
    }
    return new Promise((resolve, reject) => {
      const req = this.lib.request({
        protocol: this.base.protocol, hostname: this.base.hostname, port: this.base.port,
        method, path: p, headers: h, agent: this.agent,
      }, resolve);
      req.on('error', reject);
      req.setTimeout(90000, () => req.destroy(new Error('no answer within 90 s')));
      if (payload !== undefined) req.write(payload);
      req.end();
    });
  }
  async send(request) {
    const res = await this.open(request);
    const parts = [];
    for await (const c of res) parts.push(c);
    return { status: res.statusCode, headers: keptHeaders(res), text: Buffer.concat(parts).toString('utf8') };
  }
}

function keptHeaders(res) {
  const out = {};
  for (let i = 0; i < res.rawHeaders.length; i += 2) {
    const k = res.rawHeaders[i].toLowerCase();
    if (HEADERS_KEPT.includes(k)) (out[k] ??= []).push(res.rawHeaders[i + 1]);
  }
  for (const k of Object.keys(out)) out[k] = out[k].length === 1 ? out[k][0] : out[k].sort();
  return out;
}

// ---- JSON pointers (RFC 6901) plus "length" on arrays ----
export function at(value, pointer) {
  if (pointer === '') return value;
  let v = value;
  for (const raw of pointer.slice(1).split('/')) {
    const k = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (v === null || v === undefined) return undefined;
    v = Array.isArray(v) ? (k === 'length' ? v.length : v[Number(k)]) : v[k];
  }
  return v;
}

// ---- masking ----
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| [+-]\d{4} \w+( m=\S+)?)?/g;
const HTTP_TIME = /\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d( [+-]\d{4})?/g;
const HASH_KEYS = new Set(['storageVersionHash', 'pod-template-hash', 'controller-revision-hash', 'deprecated.daemonset.template.hash']);
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const AGE_COLUMNS = new Set(['Age', 'Last Seen', 'Last Schedule', 'Duration', 'First Seen', 'Requested Duration']);
const AGE = /^(<invalid>|(\d+[smhdy])+)$/;

function maskText(s, ctx) {
  for (const [name, value] of Object.entries(ctx.vars)) {
    if (name === 'sfx') continue;
    if (/^\d+$/.test(value)) { if (s === value) return '${' + name + '}'; } else if (value.length >= 6) s = s.replaceAll(value, '${' + name + '}');
  }
  s = s.replaceAll(ctx.vars.sfx, '${sfx}').replaceAll(ctx.vars.sfx.toUpperCase(), '${SFX}');
  for (const [re, to] of ctx.masks) s = s.replace(re, to);
  return s.replace(/(\\*"resourceVersion\\*":\\*")\d+/g, '$1<rv>').replace(/pod-template-hash=[a-z0-9]+/g, 'pod-template-hash=<hash>').replace(HTTP_TIME, '<time>').replace(UUID, '<uid>').replace(JWT, '<jwt>').replace(TIME, '<time>')
    .replace(/\b10\.43\.\d+\.\d+\b/g, '<clusterIP>').replace(/\b10\.42\.\d+\.\d+\b/g, '<podIP>');
}

function maskTable(t) {
  const cols = t.columnDefinitions?.map((c) => (c.type === 'date' ? 'Age' : c.name)) ?? [];
  for (const r of t.rows ?? []) {
    r.cells = r.cells?.map((c, i) => ((cols.length ? AGE_COLUMNS.has(cols[i]) : true) && typeof c === 'string' && AGE.test(c) ? '<age>' : c));
  }
}

export function mask(value, ctx, key = '') {
  if (typeof value === 'string') {
    if (key === 'resourceVersion' && /^[1-9]\d*$/.test(value)) {
      const m = maskText(value, ctx);
      return m.startsWith('${') ? m : '<rv>';
    }
    if (key === 'continue' && value !== '') return '<continue>';
    if (HASH_KEYS.has(key)) return '<hash>';
    return maskText(value, ctx);
  }
  if (typeof value === 'number') {
    if ((key === 'nodePort' || key === 'healthCheckNodePort') && value >= 30000 && value <= 32769) return '<nodePort>';
    return value;
  }
  if (Array.isArray(value)) {
    if (key === 'managedFields') {
      if (!ctx.managedFields) return '<present>';
      const id = (e) => [e.operation, e.manager, e.apiVersion, e.subresource ?? ''].join(' ');
      return value.map((e) => mask(e, ctx)).sort((a, b) => (id(a) < id(b) ? -1 : 1));
    }
    return value.map((v) => mask(v, ctx));
  }
  if (value && typeof value === 'object') {
    if (value.kind === 'Table') maskTable(value);
    const out = {};
    for (const [k, v] of Object.entries(value)) out[maskText(k, ctx)] = mask(v, ctx, k);
    return out;
  }
  return value;
}

function setAt(target, pointer, v) {
  const keys = pointer.slice(1).split('/').map((k) => k.replaceAll('~1', '/').replaceAll('~0', '~'));
  let t = target;
  keys.forEach((k, i) => { if (i === keys.length - 1) t[k] = v; else t = (t[k] ??= {}); });
}

// "pick" keeps only some parts; a pointer with "*" maps over an array.
function pickValue(value, pointer) {
  const star = pointer.indexOf('/*');
  if (star < 0) return at(value, pointer);
  const list = at(value, pointer.slice(0, star));
  if (!Array.isArray(list)) return undefined;
  return list.map((v) => pickValue(v, pointer.slice(star + 2)));
}
function pick(value, pointers) {
  if (!pointers) return value;
  if (pointers.length === 0) return undefined;
  const out = {};
  for (const p of pointers) {
    const v = pickValue(value, p);
    if (v !== undefined) out[p] = v;
  }
  return out;
}

function sortLists(body, sort) {
  for (const [pointer, by] of Object.entries(sort ?? {})) {
    const list = at(body, pointer);
    if (!Array.isArray(list)) continue;
    const id = (e) => (by === '' ? JSON.stringify(e) : by.split(',').map((b) => JSON.stringify(at(e, b)) ?? '').join(' '));
    list.sort((a, b) => (id(a) < id(b) ? -1 : id(a) > id(b) ? 1 : 0));
  }
}

function dedupe(list) {
  const seen = new Set();
  return list.filter((e) => { const k = JSON.stringify(e); return !seen.has(k) && seen.add(k); });
}

function shape(raw, step, ctx) {
  const out = { status: raw.status, headers: {} };
  for (const [k, v] of Object.entries(raw.headers)) {
    if (k === 'etag') out.headers[k] = '<etag>';
    else if (k === 'cache-control' || k === 'vary') { if (step.keepHeaders?.includes(k)) out.headers[k] = v; }
    else out.headers[k] = mask(v, ctx);
  }
  if (step.headersOff) delete out.headers;
  let body = raw.text;
  const type = String(raw.headers['content-type'] ?? '');
  if (type.startsWith('application/json') && raw.text !== '') { try { body = JSON.parse(raw.text); } catch { /* left as text */ } }
  if (typeof body === 'string') { if (body !== '' && !(step.pick && step.pick.length === 0)) out.body = maskText(body, ctx); return out; }
  const inner = { ...ctx, managedFields: step.managedFields };
  body = mask(body, inner);
  sortLists(body, step.sort);
  if (step.dedupe) { const l = at(body, step.dedupe); if (Array.isArray(l)) { const d = dedupe(pick(l, null)); l.length = 0; l.push(...d); } }
  body = pick(body, step.pick);
  if (step.dedupePicked) for (const k of Object.keys(body)) if (Array.isArray(body[k])) body[k] = dedupe(body[k]);
  if (body !== undefined) out.body = body;
  return out;
}

// ---- watches ----
class Watch {
  constructor(res) {
    this.events = []; this.done = false; this.status = res.statusCode; this.headers = keptHeaders(res); this.rest = ''; this.res = res;
    res.setEncoding('utf8');
    res.on('data', (c) => {
      this.rest += c;
      let i;
      while ((i = this.rest.indexOf('\n')) >= 0) {
        const line = this.rest.slice(0, i); this.rest = this.rest.slice(i + 1);
        if (line.trim()) { try { this.events.push(JSON.parse(line)); } catch { this.events.push({ unparsed: line }); } }
      }
    });
    const end = () => { this.done = true; };
    res.on('end', end); res.on('close', end); res.on('error', end);
  }
  async until(want, timeoutMs = 10000) {
    const t0 = Date.now();
    const ok = () => {
      const ev = want.ignoreBookmarks ? this.events.filter((e) => e.type !== 'BOOKMARK') : this.events;
      if (want.count !== undefined) return ev.length >= want.count;
      if (want.bookmark) return this.events.some((e) => e.type === 'BOOKMARK');
      if (want.type) return this.events.some((e) => e.type === want.type);
      return false;
    };
    while (!ok() && !this.done && Date.now() - t0 < timeoutMs) await sleep(20);
    if (want.settleMs) await sleep(want.settleMs);
  }
  close() { this.res.destroy(); }
}

function shapeWatch(w, step, ctx) {
  const raw = { status: w.status, headers: w.headers, text: '' };
  const out = shape(raw, { ...step, pick: undefined }, ctx);
  let events = w.events;
  if (step.watch?.ignoreBookmarks) events = events.filter((e) => e.type !== 'BOOKMARK');
  if (step.watch?.count !== undefined && !step.watch.settleMs) events = events.slice(0, step.watch.count);
  out.watchEvents = events.map((e) => mask(e, { ...ctx, managedFields: step.managedFields })).map((e) => (step.pick ? { type: e.type, ...pick(e, step.pick.map((p) => '/object' + p)) } : e));
  if (step.watch?.sortEvents) out.watchEvents.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (step.watch?.dedupe) out.watchEvents = dedupe(out.watchEvents);
  return out;
}

// ---- running one case ----
function fill(value, vars) {
  if (typeof value === 'string') return value.replace(/\$\{(\w+)\}/g, (m, n) => (n in vars ? vars[n] : m));
  if (Array.isArray(value)) return value.map((v) => fill(v, vars));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [fill(k, vars), fill(v, vars)]));
  return value;
}

function metBy(raw, until) {
  if (until.status !== undefined && raw.status !== until.status) return false;
  let body; try { body = JSON.parse(raw.text); } catch { body = undefined; }
  for (const [p, want] of Object.entries(until)) {
    if (p === 'status') continue;
    const got = at(body, p);
    if (want && typeof want === 'object' && want.exists !== undefined) { if ((got !== undefined) !== want.exists) return false; }
    else if (want && typeof want === 'object' && want.atLeast !== undefined) { if (!(Number(got) >= want.atLeast)) return false; }
    else if (want && typeof want === 'object' && want.has !== undefined) {
      if (!(Array.isArray(got) && got.some((e) => Object.entries(want.has).every(([k, v]) => (typeof v === 'string' && v.startsWith('~') ? String(e?.[k] ?? '').includes(v.slice(1)) : e?.[k] === v))))) return false;
    } else if (JSON.stringify(got) !== JSON.stringify(want)) return false;
  }
  return true;
}

const randomSuffix = () => Array.from({ length: 8 }, () => 'bcdfghjklmnpqrstvwxz'[Math.floor(Math.random() * 20)]).join('');

let kubeconfigCounter = 0;
function runKubectl(kubectl, client, step, vars, workDir) {
  const cfg = path.join(workDir, `config-${process.pid}-${kubeconfigCounter++}`);
  const cluster = { server: client.base.origin };
  if (client.ca) cluster['certificate-authority'] = path.resolve(client.ca); else if (client.insecure) cluster['insecure-skip-tls-verify'] = true;
  fs.writeFileSync(cfg, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'c', clusters: [{ name: 'c', cluster }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: `t-${vars.sfx}` } }], users: [{ name: 'u', user: { token: client.token } }],
  }));
  return new Promise((resolve) => {
    const p = spawn(kubectl, fill(step.kubectl.args, vars), { env: { PATH: process.env.PATH, HOME: workDir, KUBECONFIG: cfg, TERM: 'dumb', TZ: 'UTC' } });
    let stdout = '', stderr = '';
    p.stdout.on('data', (d) => { stdout += d; }); p.stderr.on('data', (d) => { stderr += d; });
    const t = setTimeout(() => p.kill('SIGTERM'), step.timeoutMs ?? 60000);
    p.on('close', (code) => { clearTimeout(t); fs.rmSync(cfg, { force: true }); resolve({ exitCode: code, stdout, stderr }); });
    p.stdin.on('error', () => {});
    p.stdin.end(step.kubectl.stdin ? fill(typeof step.kubectl.stdin === 'string' ? step.kubectl.stdin : JSON.stringify(step.kubectl.stdin), vars) : '');
  });
}

export async function runCase(client, kase, { kubectl, workDir } = {}) {
  const vars = { sfx: randomSuffix() };
  const ctx = { vars, masks: (kase.mask ?? []).map(([re, to]) => [new RegExp(re, 'g'), to]), managedFields: false };
  const ns = `t-${vars.sfx}`;
  const watches = {};
  const answers = [];
  const raws = [];
  try {
    if (kase.namespace) {
      const labels = kase.namespaceLabels;
      await client.send({ method: 'POST', path: '/api/v1/namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns, ...(labels ? { labels } : {}) } } });
      for (const p of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt']) {
        for (let i = 0; i < 150; i++) { if ((await client.send({ path: `/api/v1/namespaces/${ns}/${p}` })).status === 200) break; await sleep(40); }
      }
    }
    for (const step of kase.steps) {
      if (step.sleepMs) { await sleep(step.sleepMs); answers.push(undefined); raws.push(undefined); continue; }
      if (step.kubectl) {
        const r = await runKubectl(kubectl, client, step, vars, workDir);
        answers.push({ exitCode: r.exitCode, stdout: maskKubectl(r.stdout, ctx, step), stderr: maskKubectl(r.stderr, ctx, step) }); raws.push(r); continue;
      }
      if (step.closeWatch) {
        const w = watches[step.closeWatch];
        await w.until(step.watch, step.watch.timeoutMs); w.close();
        answers.push(shapeWatch(w, step, ctx)); raws.push(w.events); continue;
      }
      const request = fill(step.request, vars);
      if (step.openWatch) { watches[step.openWatch] = new Watch(await client.open(request)); await sleep(step.settleMs ?? 150); answers.push(undefined); raws.push(undefined); continue; }
      if (step.watch) {
        const w = new Watch(await client.open(request));
        await w.until(step.watch, step.watch.timeoutMs); w.close();
        for (const [n, p] of Object.entries(step.capture ?? {})) vars[n] = String(at(w.events, p));
        answers.push(shapeWatch(w, step, ctx)); raws.push(w.events); continue;
      }
      let raw;
      const t0 = Date.now();
      for (;;) {
        raw = await client.send(request);
        if (!step.poll || metBy(raw, fill(step.poll.until, vars)) || Date.now() - t0 > (step.poll.timeoutMs ?? 30000)) break;
        await sleep(step.poll.intervalMs ?? 100);
      }
      const timedOut = step.poll && !metBy(raw, fill(step.poll.until, vars));
      raws.push(raw);
      if (step.capture) {
        const body = JSON.parse(raw.text);
        for (const [n, p] of Object.entries(step.capture)) { const v = at(body, p); if (v !== undefined && v !== '') vars[n] = String(v); }
      }
      for (const [n, h] of Object.entries(step.captureHeader ?? {})) if (raw.headers[h] !== undefined) vars[n] = String(raw.headers[h]);
      const answer = shape(raw, step, ctx);
      if (timedOut) answer.pollTimedOut = true;
      answers.push(answer);
    }
  } finally {
    for (const w of Object.values(watches)) w.close();
    for (const p of kase.cleanup ?? []) { try { await client.send({ method: 'DELETE', path: fill(p, vars), body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' } }); } catch { /* best effort */ } }
    if (kase.namespace && !process.env.KEEP) { try { await client.send({ method: 'DELETE', path: `/api/v1/namespaces/${ns}` }); } catch { /* best effort */ } }
  }
  return { answers, raws };
}

function maskKubectl(text, ctx, step) {
  const masks = (step.mask ?? []).map(([re, to]) => [new RegExp(re, 'g'), to]);
  for (const [re, to] of masks) text = text.replace(re, to);
  text = maskText(text, ctx);
  text = text.replace(/(\bresourceVersion: )"\d+"/g, '$1"<rv>"').replace(/("resourceVersion": )"\d+"/g, '$1"<rv>"');
  if (!step.keepAges) text = text.replace(/(^|[\s(])((?:\d+[smhd]){1,2})(?=[\s)]|$)/gm, '$1<age>');
  return text;
}

const squeeze = (s) => s.split('\n').map((l) => l.replace(/[ \t]+/g, ' ').trimEnd()).join('\n');

// What Kubernetes says about its fields in words is not recorded; any text will do.
const PROSE = '<prose>';

export function differences(want, got, where = '', out = []) {
  if (typeof want === 'string' && typeof got === 'string' && /^\/\d+\/(stdout|stderr)$/.test(where) ) {
    if (squeeze(want) !== squeeze(got)) out.push(`${where}: want ${JSON.stringify(want)}\n      got  ${JSON.stringify(got)}`);
    return out;
  }
  if (want === got || (want === PROSE && typeof got === 'string')) return out;
  const both = want && got && typeof want === 'object' && typeof got === 'object' && Array.isArray(want) === Array.isArray(got);
  if (!both) { out.push(`${where}: want ${JSON.stringify(want)}\n      got  ${JSON.stringify(got)}`); return out; }
  for (const k of new Set([...Object.keys(want), ...Object.keys(got)])) differences(want[k], got[k], `${where}/${k}`, out);
  return out;
}

export function compare(kase, answers) {
  return differences(kase.steps.map((s) => s.response ?? null), answers.map((a) => (a === undefined ? null : JSON.parse(JSON.stringify(a)))));
}

async function main() {
  const args = process.argv.slice(2);
  const opt = { only: undefined, parallel: 1, diffs: 8, quiet: false, nodes: false, kubectl: undefined };
  const files = [];
  for (let i = 0; i < args.length; i++) {
    const a = args[i];
    if (a === '--only') opt.only = args[++i]; else if (a === '--parallel') opt.parallel = Number(args[++i]);
    else if (a === '--diffs') opt.diffs = Number(args[++i]); else if (a === '--quiet') opt.quiet = true;
    else if (a === '--nodes') opt.nodes = true; else if (a === '--kubectl') opt.kubectl = args[++i];
    else files.push(a);
  }
  if (!process.env.BASE_URL || files.length === 0) {
    console.error('usage: BASE_URL=https://127.0.0.1:6443 TOKEN=... [CA=ca.crt | INSECURE=1] node replay.mjs [--only text] [--parallel n] [--diffs n] [--quiet] [--nodes] [--kubectl path] file.json ...');
    process.exit(2);
  }
  const client = new Client({ baseUrl: process.env.BASE_URL, token: process.env.TOKEN ?? '', ca: process.env.CA, insecure: process.env.INSECURE === '1' });
  let stopNodes;
  if (opt.nodes) ({ stop: stopNodes } = await (await import('./nodes.mjs')).startNodes(client));
  const workDir = fs.mkdtempSync(path.join(os.tmpdir(), 'replay-'));
  const queue = [];
  for (const f of files) for (const c of JSON.parse(fs.readFileSync(f, 'utf8')).cases) if (!opt.only || c.name.includes(opt.only)) queue.push([f, c]);
  let passed = 0, failed = 0, skipped = 0;
  const worker = async () => {
    for (let item; (item = queue.shift());) {
      const [file, kase] = item;
      const title = `${path.basename(file, '.json')}/${kase.name}`;
      if (kase.steps.some((s) => s.kubectl) && !opt.kubectl) { skipped++; console.log(`skip ${title} (needs --kubectl)`); continue; }
      let diffs;
      try { diffs = compare(kase, (await runCase(client, kase, { kubectl: opt.kubectl, workDir })).answers); } catch (e) { diffs = [`error: ${e.message}`]; }
      if (diffs.length === 0) { passed++; if (!opt.quiet) console.log(`pass ${title}`); } else {
        failed++; console.log(`FAIL ${title}: ${diffs.length} difference(s)`);
        for (const d of diffs.slice(0, opt.diffs)) console.log(`      ${d}`);
        if (diffs.length > opt.diffs) console.log(`      ... ${diffs.length - opt.diffs} more`);
      }
    }
  };
  await Promise.all(Array.from({ length: opt.parallel }, worker));
  stopNodes?.();
  fs.rmSync(workDir, { recursive: true, force: true });
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed ? 1 : 0);
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) main();
