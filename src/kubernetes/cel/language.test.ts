// Expressions and what they come to. Cases from cel-go common/stdlib, ext/{strings,lists,sets,comprehensions}_test.go and kubernetes
// staging/src/k8s.io/apiserver/pkg/cel/library/{ip,cidr,quantity,semver,format}_test.go, library_compatibility_test.go @ 1.36.

import { describe, expect, it } from "vitest";
import { DYN, INT, listOf, objectType, STRING } from "./check/cel-type.ts";
import { kubernetesEnvironment } from "./kubernetes-environment.ts";
import { fromJson, toJson } from "./values/from-json.ts";
import { CelCostError, CelError } from "./values/value.ts";

const VALUES: Readonly<Record<string, unknown>> = {
  object: {
    spec: { replicas: 5, ports: [{ name: "a", port: 1 }], half: 0.5 },
    metadata: { labels: { team: "x" } },
    nothing: null,
  },
  text: "héllo",
  list: [3, 1, 2],
  typed: { a: "q" },
};
const environment = kubernetesEnvironment().extend({
  variables: {
    object: DYN,
    text: STRING,
    list: listOf(INT),
    typed: objectType("Typed", { a: STRING, n: INT }),
  },
});

function outcome(expression: string): unknown {
  const { program, ...refused } = environment.compile(expression);
  if (program === undefined) return "error" in refused ? { refused: refused.error } : refused;
  try {
    return toJson(
      program.evaluate((name) => (name in VALUES ? fromJson(VALUES[name]) : undefined)),
    );
  } catch (error) {
    if (error instanceof CelError || error instanceof CelCostError) return { fails: error.message };
    throw error;
  }
}

const TRUE = [
  // Numbers and their kinds.
  "1 + 2 * 3 == 7 && 7 / 2 == 3 && -7 % 3 == -1 && 7.0 / 2.0 == 3.5",
  "object.spec.replicas == 5.0 && 1 < 1.5 && 2u > 1 && dyn(1) == 1u",
  "0x10 == 16 && 1.5e3 == 1500.0 && --1 == 1 && !!true && -9223372036854775808 < 0",
  "double(3) == 3.0 && int(2.9) == 2 && string(1.5) == '1.5' && int('-3') == -3 && uint(3) == 3u",
  "type(1) == int && type('a') == string && type(type(1)) == type",
  "type(duration('1s')) == google.protobuf.Duration && bool('true') && bytes('a') == b'a'",
  // Logic absorbs errors that do not matter.
  "true || object.spec.nope == 1",
  "object.spec.nope == 1 || true",
  "!(object.spec.nope == 1 && false)",
  "[1, 2].exists(x, x == 2 || 1 / 0 == 1)",
  "!['', 'b'].all(x, x.charAt(0) == 'b' && x != '')",
  // Presence and optionals.
  "has(object.metadata.labels) && 'team' in object.metadata.labels && !has(object.spec.nope)",
  "has(object.nothing) && object.nothing == null && !has(object.nothing.deeper)",
  "object.?spec.?nope.orValue('none') == 'none' && object.?spec.replicas.value() == 5",
  "optional.of(1).optMap(x, x + 1).value() == 2 && !optional.none().hasValue()",
  "[?optional.none(), 1].size() == 1 && {?'a': optional.of(1)} == {'a': 1} && [1][?7] == optional.none()",
  "optional.ofNonZeroValue('') == optional.none() && [1, 2].first() == optional.of(1) && [].last() == optional.none()",
  // Lists and maps.
  "list.map(x, x * 2) == [6, 2, 4] && list.map(x, x > 1, x) == [3, 2] && list.filter(x, x < 3) == [1, 2]",
  "list.exists_one(x, x == 1) && list.sum() == 6 && list.max() == 3 && list.min() == 1 && !list.isSorted()",
  "list.indexOf(1) == 1 && [1, 1].lastIndexOf(1) == 1 && ['b', 'a'].sort() == ['a', 'b'] && [].sum() == 0",
  "[3, 1].sortBy(x, -x) == [3, 1] && [[1], [2, 3]].flatten() == [1, 2, 3] && [1, 2, 3].slice(1, 3) == [2, 3]",
  "lists.range(3) == [0, 1, 2] && [1, 1, 2].distinct() == [1, 2] && [1, 2].reverse() == [2, 1]",
  "sets.contains([1, 2], [1]) && sets.equivalent([1, 2], [2, 1, 1]) && !sets.intersects([1], [2])",
  "[1, 2].exists(i, v, i == 1 && v == 2) && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
  "[1, 2].transformList(i, v, i + v) == [1, 3] && ['a'].transformMapEntry(i, v, {v: i}) == {'a': 0}",
  "{'a': 1, 'b': 2}.all(k, k in ['a', 'b']) && {1: 'x'}[1] == 'x' && {'a': 1} == {'a': 1}",
  // Text.
  "text.charAt(1) == 'é' && size(text) == 5 && text.upperAscii() == 'HéLLO' && text.indexOf('l', 3) == 3",
  "'hello'.replace('l', 'L', 1) == 'heLlo' && 'abc'.replace('', '_') == '_a_b_c_' && 'a,b,c'.split(',', 2) == ['a', 'b,c']",
  "'hello mellow'.lastIndexOf('ello', 6) == 1 && ''.lastIndexOf('a') == -1 && 'abc'.substring(1, 2) == 'b'",
  "' \\ta '.trim() == 'a' && ['a', 'b'].join('-') == 'a-b' && strings.quote('a\"b') == '\"a\\\\\"b\"'",
  "'%s is %d, %.1f, %x and %b'.format(['a', 5, 1.24, 26, 5]) == 'a is 5, 1.2, 1a and 101'",
  "'%s %s'.format([[1, 'a'], {'k': null}]) == '[1, a] {k: null}' && '%o%%'.format([8]) == '10%'",
  "'abc 123'.find('[0-9]+') == '123' && '123 abc 456'.findAll('[0-9]+') == ['123', '456'] && 'a'.find('b') == ''",
  "'x-1'.matches('^[a-z]-\\\\d$') && 'ABC'.matches('(?i)^abc$') && !'abc'.matches('^b') && 'aXb'.matches('[[:upper:]]')",
  // Time.
  "timestamp('2024-02-29T23:59:59Z') + duration('1s') == timestamp('2024-03-01T00:00:00Z')",
  "timestamp('2024-02-29T23:00:00Z').getHours('+02:00') == 1 && timestamp('2024-07-01T00:00:00Z').getHours('Europe/Berlin') == 2",
  "timestamp('2024-03-01T00:00:00Z').getDayOfYear() == 60 && duration('90m').getHours() == 1 && string(duration('1h')) == '3600s'",
  // URLs, addresses, quantities, versions, formats.
  "url('https://user@a.com:80/x%20y?q=1&q=2').getPort() == '80' && url('https://a.com/b').getHost() == 'a.com'",
  "url('https://[::1]:80/').getHostname() == '::1' && url('/a?x=y').getQuery() == {'x': ['y']} && !isURL('../a') && isURL('/a')",
  "ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && isIP('fe80::1') && !isIP('10.0.0') && !isIP('::ffff:1.2.3.4')",
  "ip('fe80::1').isLinkLocalUnicast() && ip('8.8.8.8').isGlobalUnicast() && ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD')",
  "string(ip('2001:0db8:0:0:0:0:0:1')) == '2001:db8::1' && ip('0.0.0.0').isUnspecified() && ip('224.0.0.1').isLinkLocalMulticast()",
  "cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && !isCIDR('10.0.0.0/33')",
  "cidr('192.168.0.0/24').containsCIDR('192.168.0.0/25') && cidr('::1/128').ip() == ip('::1') && cidr('10.0.0.0/8').prefixLength() == 8",
  "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('50k').add(20).compareTo(quantity('50020')) == 0 && !isQuantity('10 Mo')",
  "quantity('200M') == quantity('0.2G') && quantity('50000000G').isInteger() && !quantity('9999999999999999999999G').isInteger()",
  "sign(quantity('-1')) == -1 && quantity('50k').sub(quantity('1k')).asInteger() == 49000 && quantity('1.5').asApproximateFloat() == 1.5",
  "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-alpha').compareTo(semver('1.0.0')) == -1 && !isSemver('1.0')",
  "semver('v1.2', true) == semver('1.2.0') && semver('01.02.03', true).minor() == 2 && !isSemver('v1-x', true)",
  "!format.dns1123Label().validate('my-name').hasValue() && format.dns1123Label().validate('A').hasValue()",
  "format.named('uuid').value().validate('nope') == optional.of(['does not match the UUID format']) && format.named('x') == optional.none()",
];

describe("expressions", () => {
  it.each(TRUE)("%s", (expression) => {
    expect(outcome(expression)).toBe(true);
  });
});

const FAILING = [
  { expression: "object.spec.nope", fails: "no such key: nope" },
  { expression: "object.metadata.labels['x']", fails: "no such key: x" },
  { expression: "typed.n", fails: "no such key: n" },
  { expression: "dyn(1) < 'a'", fails: "no such overload: _<_(int, string)" },
  { expression: "object.spec.replicas + 'a'", fails: "no such overload: _+_(int, string)" },
  { expression: "9223372036854775807 + 1", fails: "integer overflow" },
  { expression: "1 / 0", fails: "division by zero" },
  { expression: "list[7]", fails: "index out of bounds: 7" },
  { expression: "[].max()", fails: "max called on empty list" },
  { expression: "'abc'.charAt(9)", fails: "index out of range: 9" },
  { expression: "[1].slice(0, 2)", fails: "cannot slice(0, 2), list is length 1" },
  { expression: "int('x')", fails: 'strconv.ParseInt: parsing "x": invalid syntax' },
  { expression: "optional.none().value()", fails: "optional.none() dereference" },
  {
    expression: "'a'.find('(')",
    fails: "Illegal regex: error parsing regexp: missing closing ): `(`",
  },
  {
    expression: "quantity('9999999999999999999999G').asInteger()",
    fails: "cannot convert value to integer",
  },
  {
    expression: "ip('10.0.0')",
    fails:
      'IP Address "10.0.0" parse error during conversion from string: ParseAddr("10.0.0"): IPv4 address too short',
  },
  {
    expression: "url('../a')",
    fails: 'URL parse error during conversion from string: parse "../a": invalid URI for request',
  },
  // Nothing holds up the process.
  {
    expression: `lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))`,
    fails: "operation cancelled: actual cost limit exceeded",
  },
];

describe("failures", () => {
  it.each(FAILING)("$expression", ({ expression, fails }) => {
    expect(outcome(expression)).toEqual({ fails });
  });

  it("match hostile patterns in linear time", () => {
    expect(outcome(`'${"a".repeat(60)}!'.matches('^(a+)+$')`)).toBe(false);
    expect(outcome(`'${"a".repeat(60)}'.matches('^(a|a)*(a|a)*b$')`)).toBe(false);
  });
});

const REFUSED = [
  {
    expression: "object.spec.",
    error:
      "ERROR: <input>:1:13: Syntax error: no viable alternative at input '.'\n | object.spec.\n | ............^",
  },
  {
    expression: "nope",
    error: "ERROR: <input>:1:1: undeclared reference to 'nope' (in container '')\n | nope\n | ^",
  },
  {
    expression: "typed.b",
    error: "ERROR: <input>:1:6: undefined field 'b'\n | typed.b\n | .....^",
  },
  {
    expression: "typed.a + 1",
    error:
      "ERROR: <input>:1:9: found no matching overload for '_+_' applied to '(string, int)'\n | typed.a + 1\n | ........^",
  },
  {
    expression: "size(1)",
    error:
      "ERROR: <input>:1:5: found no matching overload for 'size' applied to '(int)'\n | size(1)\n | ....^",
  },
  {
    expression: "'a'.sum()",
    error:
      "ERROR: <input>:1:8: found no matching overload for 'sum' applied to 'string.()'\n | 'a'.sum()\n | .......^",
  },
  {
    expression: "[1, 'a']",
    error: "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a']\n | ....^",
  },
  {
    expression: "typed.all(x, true)",
    error:
      "ERROR: <input>:1:1: expression of type 'Typed' cannot be range of a comprehension (must be list, map, or dynamic)\n | typed.all(x, true)\n | ^",
  },
  {
    expression: "text.matches('(')",
    error: "ERROR: <input>:1:14: invalid matches argument\n | text.matches('(')\n | .............^",
  },
  {
    expression: "1 ||\n nope",
    error:
      "ERROR: <input>:1:1: expected type 'bool' but found 'int'\n | 1 ||\n | ^\nERROR: <input>:2:2: undeclared reference to 'nope' (in container '')\n |  nope\n | .^",
  },
  {
    expression: "[1].existsOne(1, true)",
    error:
      "ERROR: <input>:1:14: undeclared reference to 'existsOne' (in container '')\n | [1].existsOne(1, true)\n | .............^",
  },
  {
    expression: "has(typed)",
    error: "ERROR: <input>:1:5: invalid argument to has() macro\n | has(typed)\n | ....^",
  },
];

describe("refusals", () => {
  it.each(REFUSED)("$expression", ({ expression, error }) => {
    expect(outcome(expression)).toEqual({ refused: error });
  });
});
