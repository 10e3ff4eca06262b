/**
 * What the schema of Jenkins' xUnit plugin, junit-10.xsd, says of the elements of a JUnit report, in
 * words of our own; a required attribute has a `!`.
 *
 * @see {@link https://github.com/jenkinsci/xunit-plugin}
 * @module
 */
import type { Element } from "./xml_parser.ts";

interface Rule {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
  /** Whether text may stand between the children. */
  readonly text?: boolean;
}

const OUTCOME: Rule = { attributes: ["type", "message"], children: [], text: true };
const OUTPUT: Rule = { attributes: [], children: [], text: true };

const RULES: Readonly<Record<string, Rule>> = {
  testsuites: {
    attributes: ["name", "time", "tests", "failures", "errors"],
    children: ["testsuite"],
  },
  testsuite: {
    attributes: [
      ...["name!", "tests!", "failures!", "errors!", "group", "time", "skipped", "timestamp"],
      ...["hostname", "id", "package", "file", "log", "url"],
    ],
    children: ["testsuite", "properties", "testcase", "system-out", "system-err"],
  },
  testcase: {
    attributes: ["name!", "time", "classname", "group"],
    children: ["skipped", "error", "failure", "system-out", "system-err"],
  },
  properties: { attributes: [], children: ["property"] },
  property: { attributes: ["name!", "value!"], children: [] },
  failure: OUTCOME,
  error: OUTCOME,
  skipped: OUTCOME,
  "system-out": OUTPUT,
  "system-err": OUTPUT,
};

/** Of a suite, hours may be grouped by commas. */
const TIME = /^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$/;

/** What of an element the schema refuses, one line a breach. */
export function breachesOf(element: Element): string[] {
  const { name, attributes, children, text } = element;
  const rule = RULES[name];
  if (!rule) return [`there is no element ${name}`];
  const known = rule.attributes.map((each) => each.replace("!", ""));
  const required = rule.attributes.filter((each) => each.endsWith("!")).map((each) =>
    each.slice(0, -1)
  );
  return [
    ...Object.keys(attributes).filter((each) => !known.includes(each))
      .map((each) => `${name} has no attribute ${each}`),
    ...required.filter((each) => !(each in attributes)).map((each) => `${name} lacks ${each}`),
    ...children.filter((each) => !rule.children.includes(each.name))
      .map((each) => `${name} holds no ${each.name}`),
    ...(rule.text || text.trim() === "" ? [] : [`${name} holds no text`]),
    ...(name === "testcase" || TIME.test(attributes.time ?? "")
      ? []
      : [`${name} has no such time`]),
    ...children.flatMap(breachesOf),
  ];
}
