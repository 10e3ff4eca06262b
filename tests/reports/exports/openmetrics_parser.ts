/**
 * Strict readers of OpenMetrics text 1.0, as far as gauges and infos go, and of Prometheus' text format
 * 0.0.4, as far as its textfile collector and Pushgateway take gauges.
 *
 * @see {@link https://prometheus.io/docs/specs/om/open_metrics_spec/} the ABNF and the rules of
 * MetricFamilies
 * @module
 */

export interface Sample {
  labels: Record<string, string>;
  value: number;
  timestamp?: number;
}

export interface Family {
  type: string;
  unit?: string;
  help?: string;
  samples: Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const DESCRIPTOR = /^# (TYPE|UNIT|HELP) (\S+) (.+)$/;
const NUMBER = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?";
const SAMPLE = new RegExp(`^([^{ ]+)(?:\\{(.*)\\})? (${NUMBER})(?: (${NUMBER}))?$`, "i");
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;

/** @throws {SyntaxError} the text breaks the grammar or a rule of families */
export function parseOpenMetrics(text: string): Map<string, Family> {
  if (!/(?:^|\n)# EOF\n?$/.test(text)) throw new SyntaxError("no # EOF at the end");
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current = "";
  for (const line of text.replace(/# EOF\n?$/, "").split("\n").slice(0, -1)) {
    const descriptor = DESCRIPTOR.exec(line);
    if (descriptor) {
      const [, kind, name, value] = descriptor as unknown as [string, string, string, string];
      if (!NAME.test(name)) throw new SyntaxError(`no name: ${name}`);
      if (name !== current) {
        if (families.has(name)) throw new SyntaxError(`${name} is interleaved`);
        families.set(name, { type: "unknown", samples: [] });
        current = name;
      }
      const family = families.get(name)!;
      if (family.samples.length > 0) throw new SyntaxError(`${kind} after samples of ${name}`);
      if (kind === "TYPE") family.type = value;
      if (kind === "HELP") family.help = value;
      if (kind === "UNIT") {
        family.unit = value;
        if (!name.endsWith(`_${value}`)) throw new SyntaxError(`${name} lacks its unit ${value}`);
      }
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new SyntaxError(`no sample: ${line}`);
    const [, name, labels = "", value, timestamp] = sample;
    const family = families.get(current);
    const suffix = family?.type === "info" ? "_info" : "";
    if (!family || name !== current + suffix) throw new SyntaxError(`${name} is out of place`);
    const read: Sample = { labels: parseLabels(labels), value: Number(value) };
    if (timestamp !== undefined) read.timestamp = Number(timestamp);
    if (family.type === "info" && read.value !== 1) throw new SyntaxError("an info is 1");
    const key = JSON.stringify([name, Object.entries(read.labels).sort()]);
    if (seen.has(key)) throw new SyntaxError(`${name} has a sample twice`);
    seen.add(key);
    family.samples.push(read);
  }
  return families;
}

const GAUGE = /^# TYPE [a-zA-Z_:][a-zA-Z0-9_:]* gauge$/;
const HELP = /^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* ./;

/**
 * @throws {SyntaxError} the text breaks the grammar, or holds what these two consumers refuse: another
 * type than gauge, a timestamp, a label `quantile`
 */
export function parsePrometheus(text: string): Map<string, Family> {
  for (const line of text.split("\n").filter((each) => each.startsWith("#"))) {
    if (!GAUGE.test(line) && !HELP.test(line)) throw new SyntaxError(`refused: ${line}`);
  }
  // The rest of the grammar is the same.
  const families = parseOpenMetrics(`${text}# EOF\n`);
  for (const [name, { type, samples }] of families) {
    if (type !== "gauge") throw new SyntaxError(`${name} has no type`);
    for (const { timestamp, labels } of samples) {
      if (timestamp !== undefined) throw new SyntaxError(`${name} has a timestamp`);
      if ("quantile" in labels) throw new SyntaxError(`${name} is no summary`);
    }
  }
  return families;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    const match = LABEL.exec(text);
    if (!match) throw new SyntaxError(`no label: ${text.slice(at)}`);
    const [, name, value] = match as unknown as [string, string, string];
    if (name in labels) throw new SyntaxError(`label ${name} twice`);
    labels[name] = value.replace(
      /\\([\\"n])/g,
      (_, character) => character === "n" ? "\n" : character,
    );
  }
  return labels;
}
