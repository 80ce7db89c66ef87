// XML as the S3 API writes it: elements with text, no attributes but the namespace.

export type XmlValue = string | number | boolean | readonly XmlElement[];
export type XmlElement = readonly [name: string, value: XmlValue];

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

export function xmlDocument(root: string, elements: readonly XmlElement[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${elements.map(xml).join("")}</${root}>`;
}

function xml([name, value]: XmlElement): string {
  const inside = Array.isArray(value) ? value.map(xml).join("") : escapeText(String(value));
  return `<${name}>${inside}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

const escapeText = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);

/** The text of every element of that name, in order; enough for what clients send. */
export function textsOf(document: string, name: string): string[] {
  const found = document.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"));
  return [...found].map(([, text = ""]) => unescapeText(text));
}

function unescapeText(text: string): string {
  const named: Readonly<Record<string, string>> = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
  };
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, entity: string) => {
    if (entity.startsWith("#x")) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith("#")) return String.fromCodePoint(Number(entity.slice(1)));
    return named[entity] ?? whole;
  });
}
