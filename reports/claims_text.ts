/**
 * Verdicts for a terminal: each statement with its evidence, the matrix of statements and
 * facilities, System V beside POSIX, and a word on the notes.
 *
 * @module
 */
import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import { pairTables, verdictMatrix } from "../workloads/claims/matrix.ts";
import type { ClaimVerdict } from "../workloads/runner/document.ts";
import { presentable } from "../workloads/runner/foreign_text.ts";

const SIGNS: Record<ClaimVerdict["verdict"], string> = {
  holds: "✓",
  fails: "✗",
  "not-applicable": "–",
  unknown: "?",
};

/** Of a facility's name, in characters. */
const COLUMN = 30;
/** More facilities than that are counted, not named. */
const NAMED = 5;

/** Everything, as wide as the terminal. */
export function claimsText(found: readonly ClaimVerdict[], width: number): string {
  const verdicts = presentable(found);
  return [
    ...byClaim(verdicts).map((about) => statement(about, width)),
    matrix(verdicts),
    pairs(verdicts, width),
    wordOnTheNotes(verdicts, width),
    summary(verdicts),
  ].filter((part) => part !== "").join("\n\n");
}

function byClaim(verdicts: readonly ClaimVerdict[]): ClaimVerdict[][] {
  return [...Map.groupBy(verdicts, ({ id }) => id).values()];
}

/** A statement, and what was seen of which facilities. */
function statement(about: readonly ClaimVerdict[], width: number): string {
  const [{ id, section, statement }] = about as [ClaimVerdict];
  const lines = [`${bold(id)}  ${headline(about)}${section ? `  §${section}` : ""}`];
  lines.push(...wrap(statement, width, "  "));
  const seen = Map.groupBy(
    about.filter(({ verdict }) => verdict === "holds" || verdict === "fails"),
    ({ verdict, expected, observed }) => JSON.stringify([verdict, expected, observed]),
  );
  for (const alike of seen.values()) lines.push(...evidence(alike, width));
  lines.push(...reasons(about, "unknown", width).map(yellow));
  lines.push(...reasons(about, "not-applicable", width).map(dim));
  return lines.join("\n");
}

/** What became of the statement as a whole. */
function headline(about: readonly ClaimVerdict[]): string {
  const has = (wanted: ClaimVerdict["verdict"]) => about.some(({ verdict }) => verdict === wanted);
  if (has("fails")) return red("✗ fails");
  const unknown = has("unknown");
  if (has("holds")) return green("✓ holds") + (unknown ? yellow(", ? partly unknown") : "");
  return unknown ? yellow("? unknown") : dim("– not applicable");
}

/** Of which facilities there is no evidence, and why. */
function reasons(
  about: readonly ClaimVerdict[],
  without: "unknown" | "not-applicable",
  width: number,
): string[] {
  const others = Map.groupBy(
    about.filter(({ verdict }) => verdict === without),
    ({ reason }) => reason ?? "",
  );
  return [...others].flatMap(([reason, alike]) => {
    const names = alike.length > NAMED
      ? `${alike.length} facilities`
      : alike.map(({ facility }) => facility).join(", ");
    return wrap(`${SIGNS[without]} ${names}: ${reason}`, width, "  ");
  });
}

/** Facilities of which the same was seen. */
function evidence(alike: readonly ClaimVerdict[], width: number): string[] {
  const [{ verdict, expected, observed }] = alike as [ClaimVerdict];
  const facilities = alike.map(({ facility }) => facility).join(", ");
  const colour = verdict === "fails" ? red : green;
  const lines = wrap(`${SIGNS[verdict]} ${facilities}`, width, "  ").map(colour);
  if (verdict === "fails") lines.push(...wrap(`expected ${expected}`, width, "    "));
  lines.push(...wrap(verdict === "fails" ? `observed ${observed}` : observed, width, "    "));
  for (const { facility, reason } of alike) {
    if (reason) lines.push(...wrap(`${facility}: ${reason}`, width, "    ").map(dim));
  }
  return lines;
}

/** Rows are statements, columns facilities by number. */
function matrix(verdicts: readonly ClaimVerdict[]): string {
  const { facilities, rows } = verdictMatrix(verdicts);
  const label = Math.max(...rows.map(({ claim }) => claim.length));
  const numbers = facilities.map((_, index) => `${index + 1}`.padStart(3)).join("");
  return [
    bold("Statements and facilities"),
    `${" ".repeat(label)}${numbers}`,
    ...rows.map(({ claim, verdicts }) =>
      claim.padEnd(label) +
      verdicts.map((verdict) => `  ${verdict === null ? " " : SIGNS[verdict]}`).join("")
    ),
    "",
    ...facilities.map((facility, index) => `${`${index + 1}`.padStart(3)}  ${facility}`),
  ].join("\n");
}

/** What differs between the two of a pair, and in what they are alike. */
function pairs(verdicts: readonly ClaimVerdict[], width: number): string {
  const tables = pairTables(verdicts);
  if (tables.length === 0) return "";
  return [
    bold("System V and POSIX side by side"),
    ...tables.map(({ title, facilities, rows }) => {
      const valued = rows.filter(({ verdicts }) => verdicts.every(({ value }) => value));
      const others = rows.filter((row) => !valued.includes(row));
      const alike = others.filter((row) => row.alike).map(({ claim }) => claim);
      return [
        ["  " + title.padEnd(COLUMN), ...facilities.map((each) => each.padEnd(COLUMN))],
        ...valued.map(({ claim, verdicts }) => [
          "    " + claim.padEnd(COLUMN - 2),
          ...verdicts.map(({ value }) => value!.padEnd(COLUMN)),
        ]),
        ...others.filter((row) => !row.alike).flatMap(({ claim, verdicts }) => [
          ["    " + claim],
          ...verdicts.flatMap(({ facility, verdict, observed, reason }) =>
            wrap(
              `${SIGNS[verdict]} ${facility}: ${verdict === "unknown" ? reason : observed}`,
              width,
              "      ",
            ).map((
              line,
            ) => [line])
          ),
        ]),
        ...(alike.length > 0 ? wrap(`alike in ${alike.join(", ")}`, width, "    ") : [])
          .map((line) => [line]),
      ].map((cells) => cells.join(" ").trimEnd()).join("\n");
    }),
  ].join("\n");
}

/** Where the notes say it otherwise, with what was seen. */
function wordOnTheNotes(verdicts: readonly ClaimVerdict[], width: number): string {
  const seen = verdicts.filter(({ id, verdict }) =>
    id === "datagrams-are-messages" && verdict === "holds"
  );
  if (seen.length === 0) return "";
  const text =
    "Section 43.2 of the notes names datagram sockets among the byte streams, and again among the " +
    "message facilities. The first seems to be a slip for stream sockets, which keep no boundaries; " +
    "datagram sockets do:";
  return [
    bold("A word on the notes"),
    ...wrap(text, width, "  "),
    ...seen.flatMap(({ observed }) => wrap(observed, width, "    ")),
  ].join("\n");
}

function summary(verdicts: readonly ClaimVerdict[]): string {
  const count = (verdict: ClaimVerdict["verdict"]) =>
    verdicts.filter((each) => each.verdict === verdict).length;
  const unknown = count("unknown");
  const text = `${count("holds")} hold, ${count("fails")} fail, ` +
    (unknown > 0 ? `${unknown} unknown, ` : "") + `${count("not-applicable")} not applicable`;
  return count("fails") > 0 ? red(text) : unknown > 0 ? yellow(text) : text;
}

/** Lines of at most `width` characters; those after the first are indented two more. */
function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    const fits = line.trim() === "" || line.length + 1 + word.length <= width;
    if (fits) line += line.trim() === "" ? word : ` ${word}`;
    else {
      lines.push(line);
      line = `${indent}  ${word}`;
    }
  }
  return [...lines, line];
}
