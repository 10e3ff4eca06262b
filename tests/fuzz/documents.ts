/**
 * Damaged JSON documents: changed where their structure is, or where their text is.
 *
 * @module
 */
import fc from "fast-check";
import { hostileJson, hostileNumber, hostileText, withNesting } from "./values.ts";

type Container = Record<string, unknown> | unknown[];

/** One change of a document, which finds its place by a number. */
interface Change {
  readonly place: number;
  readonly act: (holder: Container, key: string, root: unknown) => void;
}

type Act = Change["act"];

/** The ways to change a place, each as often as its weight says. */
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: hostileJson.map(replace) },
  { weight: 3, arbitrary: fc.constant<Act>(remove) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(7), hostileNumber).map(tweak) },
  { weight: 1, arbitrary: hostileText.map(rename) },
  { weight: 1, arbitrary: fc.tuple(hostileText, hostileJson).map(add) },
  { weight: 1, arbitrary: fc.constant<Act>(repeat) },
  { weight: 1, arbitrary: fc.nat().map(takeFromElsewhere) },
);

const change: fc.Arbitrary<Change> = fc.record({ place: fc.nat(), act });

function replace(value: unknown): Act {
  return (holder, key) => put(holder, key, structuredClone(value));
}

function rename(name: string): Act {
  return (holder, key) => {
    if (Array.isArray(holder)) return;
    const value = holder[key];
    remove(holder, key);
    put(holder, name, value);
  };
}

function add([name, value]: [string, unknown]): Act {
  return (holder) => {
    if (Array.isArray(holder)) holder.push(structuredClone(value));
    else put(holder, name, structuredClone(value));
  };
}

function repeat(holder: Container, key: string): void {
  if (Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
}

function takeFromElsewhere(place: number): Act {
  return (holder, key, root) => {
    const places = placesIn(root);
    const [other, otherKey] = places[place % places.length]!;
    put(holder, key, structuredClone((other as Record<string, unknown>)[otherKey]));
  };
}

/** Puts a value under a key even where that is `__proto__`. */
function put(holder: Container, key: string, value: unknown): void {
  Object.defineProperty(holder, key === "length" && Array.isArray(holder) ? "0" : key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function remove(holder: Container, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

/** Moves a number or a text a little, or far. */
function tweak([how, number]: [number, number]): Change["act"] {
  return (holder, key) => {
    const value = (holder as Record<string, unknown>)[key];
    if (typeof value === "number") {
      const moved = [-value, value * 1e300, value / 1e300, value + 0.5, value + 1, 0, number, -1];
      put(holder, key, moved[how]);
    } else if (typeof value === "string") {
      const at = Math.floor(value.length / 2);
      const [before, after] = [value.slice(0, at), value.slice(at)];
      const moved = [
        "",
        before,
        `${before}\n${after}`,
        `${before}\u{1f4a5}${after}`,
        value.repeat(50),
        `${value}/`,
        value.toUpperCase(),
        `<b>${value}`,
      ];
      put(holder, key, moved[how]);
    } else if (Array.isArray(value)) {
      const moved = [value.slice(1), value.toReversed(), [value], [...value, ...value], [], {}];
      put(holder, key, moved[how % moved.length]);
    }
  };
}

/** Every place of a document: what holds it, and under which key. Deep ones are left out. */
function placesIn(root: unknown): [Container, string][] {
  const found: [Container, string][] = [];
  const look = (value: unknown, depth: number) => {
    if (typeof value !== "object" || value === null || depth > 12) return;
    for (const key of Object.keys(value)) {
      found.push([value as Container, key]);
      look((value as Record<string, unknown>)[key], depth + 1);
    }
  };
  look(root, 0);
  return found;
}

/** A document with a few changes, still JSON. */
export function changed(document: unknown, most = 3): fc.Arbitrary<string> {
  return fc.array(change, { minLength: 1, maxLength: most }).map((changes) => {
    const root = structuredClone(document);
    for (const { place, act } of changes) {
      const places = placesIn(root);
      if (places.length === 0) break;
      const [holder, key] = places[place % places.length]!;
      act(holder, key, root);
    }
    return withNesting(JSON.stringify(root));
  });
}

const PIECES = [
  "NaN",
  "Infinity",
  "1e999",
  "-",
  "00",
  "1.",
  ".5",
  "undefined",
  "'",
  '"',
  "\\",
  "\\u12",
  "\0",
  "//",
  "/**/",
  ",",
  ",,",
  "[",
  "]",
  "{",
  "}",
  ":",
  "\ufeff",
  '"__proto__":{"a":1},',
  '"schema":1,',
];

/** A document whose text, or whose bytes, are damaged. */
export function damaged(document: unknown): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  const at = fc.nat(bytes.length);
  return fc.oneof(
    fc.tuple(at, fc.constantFrom(...PIECES)).map(([place, piece]) =>
      spliced(bytes, place, 0, new TextEncoder().encode(piece))
    ),
    at.map((place) => bytes.slice(0, place)),
    at.map((place) => bytes.slice(place)),
    fc.tuple(at, fc.nat(200)).map(([place, length]) => spliced(bytes, place, length)),
    fc.array(fc.tuple(at, fc.nat(255)), { minLength: 1, maxLength: 8 }).map((flips) => {
      const flipped = bytes.slice();
      for (const [place, byte] of flips) flipped[place % flipped.length] = byte;
      return flipped;
    }),
    fc.uint8Array({ maxLength: 200 }).map((some) => new Uint8Array(some)),
  );
}

function spliced(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  gone: number,
  put = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + gone)]);
}
