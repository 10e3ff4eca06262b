import { assert, assertEquals } from "@std/assert";

/** A reader of RFC 4180, strict about line ends and quotes. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    const match = pattern.exec(text);
    assert(match, `no field at ${at}: ${text.slice(at, at + 40)}`);
    lines.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === "\r\n") lines.push([]);
  }
  assertEquals(lines.pop(), []);
  return lines;
}
