/** What a JUnit report of `deno test` says; a test step counts as a test. @module */
import type { Totals } from "./totals.ts";

/** Counts the test cases of a JUnit report as `deno test --junit-path` writes it. */
export function tally(report: string): Totals {
  const suites = [...report.matchAll(/<testsuite name="([^"]*)"[^>]*>(.*?)<\/testsuite>/gs)];
  const files = suites.map(([, path = "", content = ""]) => {
    const cases = [...content.matchAll(/<testcase ([^>]*)>(.*?)<\/testcase>/gs)];
    const ended = Map.groupBy(cases, ([, , inside = ""]) => outcome(inside));
    return {
      path: text(path).replace(/^\.\//, ""),
      seconds: secondsOfTests(content),
      passed: ended.get("passed")?.length ?? 0,
      failed: ended.get("failed")?.length ?? 0,
      skipped: (ended.get("skipped") ?? [])
        .map(([, attributes = ""]) => text(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? "")),
    };
  });
  return {
    passed: files.reduce((sum, { passed }) => sum + passed, 0),
    failed: files.reduce((sum, { failed }) => sum + failed, 0),
    files,
  };
}

function outcome(content: string): "passed" | "failed" | "skipped" {
  if (/<(failure|error)\b/.test(content)) return "failed";
  return /<skipped\b/.test(content) ? "skipped" : "passed";
}

/** Steps (named `test > step`) are part of their test's time. */
function secondsOfTests(suite: string): number {
  const tests = [...suite.matchAll(/<testcase name="([^"]*)"[^>]* time="([\d.]+)"/g)];
  return tests
    .filter(([, name = ""]) => !name.includes(" &gt; "))
    .reduce((sum, [, , time]) => sum + Number(time), 0);
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

function text(escaped: string): string {
  return escaped.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);
}
