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
    `${injections.length} injections, ${failed.length} that the suite did not cope with.`,
    ...failed.map(({ fault, seed, failure }) => `- ${fault}, seed ${seed}: ${failure}`),
  ].join("\n");
}

/** The first and the last. */
function seeds(tries: readonly Injection[]): string {
  const all = tries.map(({ seed }) => seed);
  return all.length === 1 ? `${all[0]}` : `${Math.min(...all)} … ${Math.max(...all)}`;
}
