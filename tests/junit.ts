/** What a JUnit report of `deno test` says; a test step counts as a test. */
export interface Tally {
  passed: number;
  failed: number;
  ignored: number;
  /** Seconds spent in each test file, the slowest first. */
  files: { path: string; seconds: number }[];
}

/** Counts the test cases of a JUnit report as `deno test --junit-path` writes it. */
export function tally(report: string): Tally {
  const cases = [...report.matchAll(/<testcase ([^>]*)>(.*?)<\/testcase>/gs)];
  const counts = { passed: 0, failed: 0, ignored: 0 };
  for (const [, , content = ""] of cases) counts[outcome(content)]++;
  return { ...counts, files: secondsByFile(report) };
}

function outcome(content: string): "passed" | "failed" | "ignored" {
  if (/<(failure|error)\b/.test(content)) return "failed";
  return /<skipped\b/.test(content) ? "ignored" : "passed";
}

function secondsByFile(report: string): Tally["files"] {
  const suites = [...report.matchAll(/<testsuite name="([^"]*)"[^>]*>(.*?)<\/testsuite>/gs)];
  return suites
    .map(([, path = "", content = ""]) => ({ path, seconds: secondsOfTests(content) }))
    .sort((a, b) => b.seconds - a.seconds);
}

/** Steps (named `test > step`) are part of their test's time. */
function secondsOfTests(suite: string): number {
  const tests = [...suite.matchAll(/<testcase name="([^"]*)"[^>]* time="([\d.]+)"/g)];
  return tests
    .filter(([, name = ""]) => !name.includes(" &gt; "))
    .reduce((sum, [, , time]) => sum + Number(time), 0);
}
