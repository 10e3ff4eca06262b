/**
 * A run as metric families of Prometheus: gauges in base units, a label for each dimension of a cell.
 *
 * Both text formats render these, so that what was backfilled from one and what is scraped from the
 * other are the same series.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { labelValue } from "../media.ts";
import { measuredCells } from "./exporter.ts";

/** The base unit of each of our units, and its factor. */
const BASES: Record<MeasuredCell["unit"], [unit: string, factor: number]> = {
  ns: ["seconds", 1e-9],
  "bytes/s": ["bytes_per_second", 1],
  "messages/s": ["messages_per_second", 1],
  "ops/s": ["operations_per_second", 1],
  bytes: ["bytes", 1],
  messages: ["messages", 1],
};

const PERCENTILES = ["p50", "p90", "p99", "p99.9"] as const;

type Labels = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  /** Ends in `_` and the unit. */
  readonly name: string;
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Every figure of the measured cells; families without a sample are left out. */
export function familiesOf(run: RunDocument): Family[] {
  const cells = measuredCells(run);
  const host = hostLabels(run);
  const families: Family[] = [];
  for (const [unit, [base, factor]] of Object.entries(BASES)) {
    const own = cells.filter((cell) => cell.unit === unit);
    const gauge = (name: string, help: string, value: (cell: MeasuredCell) => number) =>
      families.push({
        name: `${name}_${base}`,
        unit: base,
        help,
        samples: own.map((cell) => ({
          labels: { ...host, ...labelsOf(cell) },
          value: value(cell) * factor,
        })),
      });
    gauge("ipc_taxonomy_estimate", "Estimate of a cell.", (cell) => cell.estimate);
    gauge("ipc_taxonomy_low", "Lower end of its 95 % interval.", (cell) => cell.ci95[0]);
    gauge("ipc_taxonomy_high", "Upper end of its 95 % interval.", (cell) => cell.ci95[1]);
  }
  families.push({
    name: "ipc_taxonomy_percentile_seconds",
    unit: "seconds",
    help: "Percentile of the time of an operation.",
    samples: cells.flatMap((cell) =>
      PERCENTILES.flatMap((name) => {
        const value = cell.percentiles?.[name];
        // A label "quantile" is a summary's own.
        const labels = { ...host, ...labelsOf(cell), percentile: name.slice(1) };
        return value === undefined ? [] : [{ labels, value: value * 1e-9 }];
      })
    ),
  });
  return families.filter(({ samples }) => samples.length > 0);
}

/** What measured it, and where; the name is `ipc_taxonomy_run_info`, the value 1. */
export function runLabels({ id, host, tool, settings }: RunDocument): Labels {
  return {
    run: id,
    machine_key: host.machineKey,
    ...hostLabels({ host }),
    deno: tool.deno,
    version: tool.version,
    profile: settings.profile,
  };
}

/** Start of the run, seconds since 1970. */
export function startOf({ startedAt }: RunDocument): number {
  return Date.parse(startedAt) / 1000;
}

/** Name and labels of a sample. */
export function series(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== undefined)
    .map(([label, value]) => `${label}="${labelValue(String(value))}"`);
  return `${name}{${pairs.join(",")}}`;
}

/** On every sample, so that files of several hosts can be collected beside each other. */
export function hostLabels({ host }: Pick<RunDocument, "host">): Labels {
  return {
    hostname: host.hostname,
    kernel: host.kernel,
    // "instance" is Prometheus' own name for the target of a scrape.
    instance_type: host.instance ?? undefined,
    runtime: host.runtime ?? undefined,
  };
}

function labelsOf(cell: MeasuredCell): Labels {
  return {
    cell: cell.id,
    facility: cell.facility,
    variant: cell.variant,
    workload: cell.workload,
    size_bytes: cell.sizeBytes,
    placement: cell.placement,
    participants: cell.participants,
    count: cell.count,
    wait: cell.wait,
    awake: cell.awake,
  };
}
