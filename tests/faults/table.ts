/** The injections as a Markdown table: fault, tries, outcome. @module */
import type { Injection } from "./inject.ts";

export function table(injections: readonly Injection[]): string {
  const rows = [...Map.groupBy(injections, ({ fault }) => fault)].map(([fault, tries]) => {
    const outcomes = [...Map.groupBy(tries, ({ outcome }) => outcome)]
      .map(([outcome, { length }]) => `${outcome} (${length})`).sort();
    return [fault, `${tries.length}`, outcomes.join("; "), seeds(tries)];
  });
  const failed = injections.filter(({ failure }) => failure !== null);
  return [
    "| fault | tries | outcome | seeds |",
    "|---|---:|---|---|",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    summary(injections),
    ...failed.map(({ fault, seed, failure }) => `- ${fault}, seed ${seed}: ${failure}`),
  ].join("\n");
}

/** What a failure's text says that it was. */
const KINDS: readonly [name: string, pattern: RegExp][] = [
  ["left something behind", /^left behind/],
  ["hung", /^it hung|^it does nothing/],
  ["lost cells, or did not tell clearly", /^/],
];

function summary(injections: readonly Injection[]): string {
  const failures = injections.flatMap(({ failure }) => failure ?? []);
  const kinds = failures.map((failure) => KINDS.find(([, pattern]) => pattern.test(failure))![0]);
  const counts = KINDS.map(([name]) => `${kinds.filter((each) => each === name).length} ${name}`);
  return `${injections.length} injections: ${counts.join(", ")}.`;
}

/** The first and the last. */
function seeds(tries: readonly Injection[]): string {
  const all = tries.map(({ seed }) => seed);
  return all.length === 1 ? `${all[0]}` : `${Math.min(...all)} … ${Math.max(...all)}`;
}
