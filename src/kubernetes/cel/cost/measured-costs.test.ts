// The estimated costs of rules over every kind of field and every function, as apiextensions-apiserver v0.36.2 (cel-go v0.26.0) works them
// out: pkg/apiserver/schema/cel Compile was asked about this schema and these rules, and said MaxCost.

import { describe, expect, it } from "vitest";
import { fieldSchemaOf } from "../../schemas/openapi-schema.ts";
import { compileRulesOf } from "../rules/compile-rules.ts";
import { declaredSize } from "./declared-size.ts";

const SCHEMA = fieldSchemaOf({
  type: "object",
  properties: {
    s: { type: "string" },
    s10: { type: "string", maxLength: 10 },
    s0: { type: "string", maxLength: 0 },
    e: { type: "string", enum: ["a", "bbbb", "日本"] },
    b: { type: "string", format: "byte" },
    b5: { type: "string", format: "byte", maxLength: 5 },
    d: { type: "string", format: "duration" },
    dt: { type: "string", format: "date-time" },
    da: { type: "string", format: "date" },
    i: { type: "integer" },
    n: { type: "number" },
    t: { type: "boolean" },
    x: { "x-kubernetes-int-or-string": true },
    x9: { "x-kubernetes-int-or-string": true, maxLength: 9 },
    ls: { type: "array", items: { type: "string" } },
    ls10: { type: "array", items: { type: "string", maxLength: 20 }, maxItems: 10 },
    li: { type: "array", items: { type: "integer" } },
    li5: { type: "array", items: { type: "integer" }, maxItems: 5 },
    ll: {
      type: "array",
      items: { type: "array", items: { type: "string", maxLength: 7 }, maxItems: 3 },
    },
    lb: { type: "array", items: { type: "boolean" } },
    ld: { type: "array", items: { type: "string", format: "duration" }, maxItems: 6 },
    ln: { type: "array", items: { type: "number" }, maxItems: 4 },
    lby: { type: "array", items: { type: "string", format: "byte", maxLength: 8 }, maxItems: 4 },
    lx: { type: "array", items: { "x-kubernetes-int-or-string": true }, maxItems: 4 },
    ms: { type: "object", additionalProperties: { type: "string" } },
    ms8: {
      type: "object",
      additionalProperties: { type: "string", maxLength: 6 },
      maxProperties: 8,
    },
    mo: {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: {
          k: { type: "string", maxLength: 11 },
          foo: { type: "string", maxLength: 99 },
        },
      },
      maxProperties: 9,
    },
    ml: {
      type: "object",
      additionalProperties: { type: "array", items: { type: "string", maxLength: 5 }, maxItems: 4 },
      maxProperties: 3,
    },
    o: {
      type: "object",
      properties: {
        a: { type: "string", maxLength: 3 },
        b: {
          type: "object",
          properties: {
            c: { type: "string", maxLength: 77 },
            l: {
              type: "array",
              items: {
                type: "object",
                properties: {
                  foo: { type: "string", maxLength: 13 },
                  bar: { type: "string", maxLength: 130 },
                  in: {
                    type: "array",
                    items: {
                      type: "object",
                      properties: {
                        p: { type: "string", maxLength: 4 },
                        q: { type: "string", maxLength: 400 },
                      },
                    },
                    maxItems: 6,
                  },
                },
              },
              maxItems: 12,
            },
          },
        },
      },
    },
    lo: {
      type: "array",
      items: {
        type: "object",
        properties: {
          foo: { type: "string", maxLength: 50 },
          bar: { type: "string" },
          n: { type: "integer" },
          xs: { type: "array", items: { type: "string", maxLength: 9 }, maxItems: 7 },
          "a-b": { type: "string", maxLength: 2 },
        },
        required: ["foo", "n"],
      },
      maxItems: 16,
    },
    lor: {
      type: "array",
      items: {
        type: "object",
        properties: {
          foo: { type: "string" },
          n: { type: "integer" },
          df: { type: "string", default: "x" },
        },
        required: ["foo", "n", "df"],
      },
    },
    emb: {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      "x-kubernetes-preserve-unknown-fields": true,
    },
    nul: { type: "string", maxLength: 12, nullable: true },
  },
});

/** To ten digits, which is more than tells costs apart. */
const RULES: readonly (readonly [rule: string, cost: number])[] = [
  ["self.s == self.s10", 8],
  ["self.s.size() > 3 && size(self.ls) < 4 || self.t", 10],
  ["!(self.s in self.ls)", 1_048_580],
  ["self.s in ['a','b',self.s10]", 17],
  ["self.s in self.ms", 5],
  ["self.i in self.li && self.i == 3", 1_572_869],
  ["self.x == 5 || self.x9 == 'a'", 6],
  ["type(self.x) == string ? self.x.startsWith('a') : self.x > 3", 7],
  ["string(self.x).matches('^[a-z]+$')", 943_721],
  ["self.x9 + self.x9 == self.x", 22],
  ["self.b == bytes(self.s10)", 24],
  ["string(self.b5) == 'a'", 4],
  ["string(self.b) == self.s", 629_150],
  ["bytes(self.s) == self.b", 629_150],
  ["self.d > duration('1h') && self.d == self.d", 12],
  ["self.dt < timestamp('2020-01-01T00:00:00Z') && self.da == self.dt", 10],
  ["self.dt.getFullYear() == 2020", 4],
  ["self.n > 1.5 && double(self.i) < self.n && self.i < self.n", 14],
  ["self.s < self.s10 && self.s10 >= 'abc'", 11],
  ["self.b < self.b5", 5],
  ["self.e == 'x' && self.e.size() == 4 && self.e.contains(self.s10)", 15],
  [
    "self.s.contains(self.s10) && self.s.startsWith(self.s10) && self.s.endsWith(self.s)",
    1_572_881,
  ],
  ["self.s.matches(self.s10) && matches(self.s, 'abcdefghij')", 3_145_737],
  [
    "self.s.find('ab+c') == '' && self.s10.findAll('x') == ['a'] && self.s10.findAll('x', 2).size() == 1",
    314_602,
  ],
  [
    "self.s.split(',').size() < 5 && self.s10.split(',', 3).size() == 2 && self.s.split(',', -1).size() == 2",
    1_258_312,
  ],
  ["self.s10.split(',').all(p, p.size() < 3)", 251],
  ["self.s.split(',').exists(p, p == 'foo')", 16_357_779],
  [
    "self.ls.join(',') == self.s && self.ls10.join() == 'a' && self.ls10.join(self.s10).size() > 3",
    3.298533837e11,
  ],
  ["self.ls10.join(', ').contains('x')", 166],
  [
    "self.s10.replace('a','bbbb').contains('x') && self.s.replace('', 'x') == 'a' && self.s10.replace(self.s0, self.s10, 3) == ''",
    629_189,
  ],
  [
    "self.s10.replace(self.s10, self.s) == self.s && self.s10.replace('abc', 'a').size() == 2 && self.s10.replace('abc','a') == self.s",
    314_617,
  ],
  [
    "self.s.lowerAscii() == self.s10.upperAscii().trim().substring(1,3) && self.s.charAt(2) == 'x'",
    314_597,
  ],
  ["self.s.indexOf('x') == self.s.lastIndexOf('y', 3) && self.s10.indexOf(self.s) > 3", 629_160],
  [
    "self.li.indexOf(3) == 2 && self.ls.indexOf('x') == 4 && self.ls10.lastIndexOf(self.s) == 1",
    3.29856005e11,
  ],
  [
    "self.li.sum() < 4 && self.li5.max() > self.li5.min() && self.ls10.isSorted() && self.ls.isSorted() && self.ld.isSorted() && self.lby.max() == b'a'",
    3.29856005e11,
  ],
  ["self.ll.all(l, l.isSorted() && l.all(s, s.size() < 4 && s.contains(self.s10)))", 84_934_578],
  [
    "self.ls.sort() == self.ls10.sort() && self.li5.sort() == [1] && self.lx.sort() == [1]",
    2.308970015e12,
  ],
  [
    "self.lo.sortBy(o, o.n).size() == 1 && self.lo.sortBy(o, o.foo)[0].foo == self.s && self.lo.sortBy(o, o.bar).size() == 3",
    316_949,
  ],
  [
    "self.ls.distinct().size() == self.ls.size() && self.ls10.distinct().all(x, x == 'a')",
    2.199019062e12,
  ],
  [
    "self.ls.slice(1, 3).all(x, x == self.s10) && self.li5.slice(3, 1).size() == 1 && self.ls10.slice(0, self.i).exists(y, y == 'ab')",
    1.844674407e19,
  ],
  ["self.ls.reverse() == self.ls && self.ls10.reverse()[0] == 'x'", 1_153_472],
  [
    "self.ll.flatten().all(s, s.contains('a')) && dyn([[1]]).flatten(2) == [] && self.ll.flatten(self.i).size() == 1",
    1.844674407e19,
  ],
  ["lists.range(5).all(i, i < 3) && lists.range(self.i).size() == 1", 1.844674407e19],
  ["self.ls.first() == optional.of('a') && self.ls10.last().value() == 'b'", 1.844674407e18],
  [
    "sets.contains(self.ls, ['a']) && sets.intersects(self.ls10, self.ls) && sets.equivalent(self.li5, self.li5)",
    11_534_398,
  ],
  [
    "url(self.s).getHost() == self.s10 && isURL(self.s) && url(self.s10) == url('https://a') && url(self.s) != url(self.s10)",
    629_178,
  ],
  [
    "url(self.s10).getQuery().all(k, k.size() < 3) && url(self.s).getScheme() + 'x' == 'httpx'",
    1.844674407e19,
  ],
  [
    "ip(self.s).family() == 4 && isIP(self.s10) && ip.isCanonical(self.s) && ip(self.s) == ip(self.s10) && ip('::1').isLoopback()",
    1_258_315,
  ],
  [
    "cidr(self.s).containsIP(self.s10) && cidr(self.s10).containsIP(ip(self.s)) && cidr(self.s).ip() == ip('::1') && cidr(self.s10).masked() == cidr(self.s) && isCIDR(self.s)",
    1_572_906,
  ],
  [
    "cidr(self.s).containsCIDR(self.s10) && cidr(self.s10).containsCIDR(cidr(self.s)) && cidr(self.s10).prefixLength() < 3",
    629_184,
  ],
  [
    "quantity(self.s) == quantity(self.s10) && quantity(self.s).isGreaterThan(quantity('1')) && isQuantity(self.x) && quantity(self.s10).add(1).compareTo(quantity('3')) < 2 && sign(quantity('1')) == 1",
    943_747,
  ],
  ["quantity(self.s) != quantity(self.s10)", 1.844674407e18],
  ["isQuantity(self.x9) && quantity(self.x9).asInteger() > 3", 14],
  [
    "semver(self.s).major() > 3 && isSemver(self.s10) && semver(self.s) == semver(self.s10, true)",
    629_165,
  ],
  [
    "!format.dns1123Label().validate(self.s).hasValue() && format.named('uuid').value().validate(self.s10).hasValue() && format.uri() == format.uuid()",
    10_066_483,
  ],
  ["'%s %d'.format([self.s, self.i]) == 'a' && self.s10.format([1]) == 'b'", 33],
  ["strings.quote(self.s10) == self.s && strings.quote(self.s) == 'abc'", 314_593],
  ["dyn(self.s) == self.i && dyn(self.ls) == self.ls10 && dyn(self.s10).contains('x')", 18],
  ["dyn(self.ls10).all(x, x == 'abc') && dyn(self.ms8)['a'] == 'c'", 48],
  [
    "self.ms.all(k, self.ms[k].size() < 3 && k.size() < 3 && k.startsWith('a')) && self.ms['x'] == self.ms8.foo",
    5_819_592,
  ],
  ["self.ms8.all(k, k == 'abc' && self.ms8[k].contains(self.s10)) && 'a' in self.ms8", 182],
  [
    "self.ms8.all(k, v, k == v) && self.ms8.exists(k, v, v.contains('x')) && self.ms.existsOne(k, v, v == self.s10)",
    3_539_049,
  ],
  ["self.mo.all(k, v, v.foo.contains('x') && k.size() < 3 && k.contains('y'))", 444],
  ["self.mo.all(k, self.mo[k].k == self.mo[k].foo && has(self.mo[k].k))", 201],
  [
    "self.ls10.all(i, x, i < 3 && x == 'abc' && i == 4) && self.ls10.transformList(i, x, x + 'a').all(y, y == self.s)",
    387,
  ],
  [
    "self.ls10.transformList(i, x, i > 2, x).size() == 3 && self.ls10.transformMap(i, x, x + 'b')[0] == 'c'",
    329,
  ],
  [
    "self.ms8.transformMap(k, v, v + k).all(k, k == 'abc') && self.ms8.transformMap(k, v, k == 'a', v)['a'] == 'c'",
    204,
  ],
  [
    "self.ms8.transformMapEntry(k, v, {v: k}).exists(k, v, k == v) && self.ls10.transformMapEntry(i, v, i > 2, {v: i}).size() == 1",
    749,
  ],
  [
    "self.ls.filter(x, x == 'a').size() == 1 && self.ls10.filter(x, x.contains('a')).all(y, y == self.s) && self.li5.filter(x, x > 1).map(y, y * 2).exists(z, z == 1)",
    15_729_129,
  ],
  [
    "self.ls10.map(x, x + x).all(y, y.contains('abc') && y == self.s) && self.ls10.map(x, x == 'a', x.size()).sum() > 3",
    568,
  ],
  [
    "self.ls10.map(x, x.split(',')).all(p, p.all(q, q == 'a')) && self.ls.map(x, [x, self.s10])[0][1] == self.s",
    26_529_319,
  ],
  [
    "self.ls10.exists_one(x, x == self.s10) && self.ls.exists_one(x, self.ls.exists_one(y, x == y))",
    3.458804096e17,
  ],
  ["self.lo.all(o, self.lo.exists_one(p, o.foo == p.foo && o.bar == p.bar))", 80_538_483],
  [
    "self.lo.all(o, o.foo == o.bar && o.n > 3 && has(o.xs) && o.xs.all(x, x == o.foo) && o.a__dash__b == 'a')",
    32_595,
  ],
  [
    "self.lo.map(o, o.foo).all(f, f.contains('b')) && self.lo.filter(o, o.n > 2)[0].foo == self.s && self.lo.filter(o, o.n > 2).map(p, p.foo).exists(q, q == 'x')",
    315_733,
  ],
  ["self.lor.all(o, o.foo == 'x')", 1_048_575],
  ["self.o.b.l.all(x, x.__in__.all(y, y.p == x.bar && y.q == x.foo))", 11_933],
  ["self.o.b.l.all(x, x.__in__.all(y, x.bar.contains(y.p) && y.p.contains('a')))", 1.844674407e19],
  [
    "self.o.b.l.all(x, x.__in__.exists(y, x.foo.size() > 3 && y.q.contains('abc') && y.p == x.foo)) && self.o.b.c == self.o.a",
    1.844674407e19,
  ],
  [
    "self.o.b.l.all(i, x, x.foo.contains('x') && x.__in__.all(j, y, y.p == x.foo && i < j && y.q.contains(x.bar)))",
    1.844674407e19,
  ],
  ["self.lo.all(i, o, self.lo.all(j, p, i == j || o.foo != p.foo))", 7779],
  [
    "self.ml.all(k, v, v.all(s, s.contains('a')) && self.ml[k].exists(s, s == 'b')) && self.ml.all(k, self.ml[k].join(',').contains('x'))",
    255,
  ],
  [
    "self.?s.orValue('x') == 'abc' && self.?o.b.c.hasValue() && self.?o.?b.?c.orValue('a').contains('x')",
    1.844674407e18,
  ],
  [
    "self.?s.optMap(v, v.contains('ab')).orValue(true) && self.?ls.optMap(v, v.all(x, x == 'a')).orValue(false)",
    1.844674407e19,
  ],
  [
    "self.?o.optFlatMap(o, o.?a).orValue('z') == self.s && self.?i.optMap(v, v + 1).value() > 3",
    314_615,
  ],
  [
    "self.ls[?0].orValue('a') == self.s && self.ms[?'a'].hasValue() && self.?ls[0].orValue('q').contains('r') && self.?ms8['a'].value() == 'x'",
    1.844674407e18,
  ],
  [
    "optional.none().orValue(self.s) == 'a' && optional.of(self.s10).value().contains('a') && optional.ofNonZeroValue(self.s).or(optional.none()).hasValue()",
    1.844674407e18,
  ],
  ["[?self.?s, 'a'].all(x, x == 'b') && {?'a': self.?s}.size() == 1", 55],
  [
    "[self.s, self.s10].all(x, x.contains('abc')) && ['a','bb'].exists(x, x == self.s) && [].size() == 0 && {}.size() == 0",
    92,
  ],
  [
    "{'a': self.s10, 'b': 'x'}.all(k, k == self.s) && {'a': self.s10}['a'].contains('x') && {'a': 1}.exists(k, v, v == self.i)",
    120,
  ],
  [
    "(self.t ? self.s : self.s10).contains('abc') && (self.t ? self.ls : self.ls10).all(x, x == 'b') && (self.t ? [self.s10] : ['x']).all(y, y.contains('b'))",
    4_508_901,
  ],
  [
    "(self.ls10 + self.ls).all(x, x == 'a') && (self.ls10 + ['abc']).exists(y, y.contains('x')) && (['a'] + ['bcd']).all(x, x.contains(self.s))",
    4_194_449,
  ],
  ["self.s + self.s10 + 'abc' == self.s && (self.s10 + 'x').contains(self.s10)", 943_762],
  ["self == oldSelf && self.s == oldSelf.s && oldSelf.ls10.all(x, x in self.ls10)", 314_742],
  ["oldSelf.ls10.all(x, self.ls10.exists(y, x == y))", 1463],
  [
    "self.li5 == self.li5 && self.ms8 == self.ms8 && self.o == self.o && self.lo == oldSelf.lo && self.ls != self.ls10",
    25,
  ],
  [
    "self.emb.metadata.name == 'x' && self.emb.kind.contains('y') && has(self.emb.apiVersion)",
    314_583,
  ],
  [
    "int(self.s) > 3 && uint(self.i) > 3u && string(self.i) == 'x' && bool(self.s) && double(self.s10) > 1.0 && string(self.n).contains('x') && string(self.dt) == 'a' && string(self.d).size() > 2",
    1.844674407e18,
  ],
  ["self.i + 1 == 3 && self.i * 2 - 1 / 3 % 4 > -self.i", 14],
  ["has(self.s) && has(self.o.b.c) && !has(self.o.b)", 7],
  ["self.ls[0] == self.ls[1] && self.ll[0][1].contains('x') && self.ls10[self.i] == 'x'", 314_592],
  [
    "self.ls10.filter(x, x.size() > 2) == self.ls10 && self.ls10.filter(x, true).isSorted() && self.ls10.map(x, x).join(',') == 'a'",
    1.844674407e19,
  ],
  [
    "self.ls10.filter(x, x == 'a').map(y, y + 'b').filter(z, z.contains('q')).join(',').matches('^abc')",
    3.689348815e18,
  ],
  [
    "self.lo.map(o, o.xs).all(xs, xs.all(x, x == 'abc')) && self.lo.map(o, o.xs.map(x, x + o.foo)).all(l, l.exists(q, q.contains('a')))",
    125_612,
  ],
  [
    "self.ms.map(k, self.ms[k]).all(v, v == 'x') && self.ms8.map(k, k).exists(k, k == 'abc') && self.ms8.filter(k, k == 'a').all(q, q.contains('x'))",
    7_864_630,
  ],
  ["timestamp(self.s) > timestamp(self.s10) && duration(self.s10) < self.d", 13],
  ["type(self.s) == type(self.i) || type(self.x) == int", 1.844674407e18],
  [
    "self.s.matches(r'^(?:[a-z0-9]+\\.)*example\\.com$') && self.s10.matches('a') && self.e.matches('abc')",
    2_516_596,
  ],
  ["self.lx.all(x, type(x) == int ? x > 3 : x.contains('a')) && self.lx[0] == 'abc'", 1_258_327],
  [
    "self.dt == timestamp('2020-01-01T00:00:00Z') && self.ld.all(x, x == self.d) && self.ld[0] < self.ld[1]",
    74,
  ],
  [
    "self.lb.all(x, x) && self.ln.all(x, x > 1.0) && self.ln.sum() > 3.0 && self.ld.sum() > duration('1s')",
    2_516_623,
  ],
  [
    "self.s10.size() <= 63 && self.s.size() == self.s10.size() ? self.ls.size() > 3 : self.s.contains('a')",
    314_586,
  ],
  [
    "cidr(self.s10).ip().isGlobalUnicast() && string(ip(self.s)) == 'x' && string(cidr(self.s)) == self.s",
    943_736,
  ],
  ["self.lo[0].xs[1].contains('a') && self.lo[0].foo.contains(self.lo[1].bar)", 6_291_477],
  [
    "self.mo['a'].foo.contains('b') && self.mo['a'].k == self.mo['b'].foo && self.mo.a.k.contains('x')",
    1.844674407e18,
  ],
  ["self.ls10.all(x, self.ls10.all(y, self.ls10.all(z, x == y && y == z)))", 23_663],
  ["self.ls.all(x, self.ls.all(y, self.ls.all(z, x == y && y == z)))", 1.844674407e19],
];

describe("the estimated cost of a rule", () => {
  it.each(RULES)("%s", (rule, expected) => {
    const [compiled] = compileRulesOf([{ rule }], SCHEMA, (path) => declaredSize(SCHEMA, path));
    expect(compiled?.error).toBeUndefined();
    expect(Number(compiled?.cost?.toPrecision(10))).toBe(expected);
  });
});
