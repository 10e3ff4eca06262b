/**
 * A strict reader of XML 1.0, as far as documents of elements, attributes and text go.
 *
 * @see {@link https://www.w3.org/TR/xml/}
 * @module
 */

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const TOKEN = /<\?xml [^?]*\?>|<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
const ATTRIBUTE = / ([\w-]+)="([^"<]*)"/g;
/** What a document may hold, https://www.w3.org/TR/xml/#NT-Char, without the discouraged C1. */
const CHARACTERS = /^[\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** @throws {SyntaxError} it is not well-formed */
export function parseXml(text: string): Element {
  if (!CHARACTERS.test(text)) throw new SyntaxError("a character that XML 1.0 has no place for");
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`no token: ${text.slice(at, at + 60)}`);
    const [, closed, name, attributes = "", empty, characters] = match;
    if (characters !== undefined) open.at(-1)!.text += decoded(characters);
    if (name !== undefined) {
      const element: Element = {
        name,
        attributes: attributesOf(attributes),
        children: [],
        text: "",
      };
      open.at(-1)!.children.push(element);
      if (empty === "") open.push(element);
    }
    if (closed !== undefined && open.pop()!.name !== closed) {
      throw new SyntaxError(`${closed} closes another element`);
    }
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== "") {
    throw new SyntaxError("there is not one root element");
  }
  return root.children[0]!;
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(ATTRIBUTE)) {
    if (name! in found) throw new SyntaxError(`the attribute ${name} is there twice`);
    found[name!] = decoded(value!);
  }
  return found;
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));|&/gi, (all, decimal, hex, name) => {
    const character = name
      ? NAMED[name]
      : decimal || hex
      ? String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16))
      : undefined;
    if (character === undefined || !CHARACTERS.test(character)) {
      throw new SyntaxError(`no reference: ${all}`);
    }
    return character;
  });
}
