/**
 * OpenMetrics text 1.0: gauges in base units, a label for each dimension of a cell.
 *
 * @see {@link https://prometheus.io/docs/specs/om/open_metrics_spec/}
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { type Exporter, measuredCells } from "./exporter.ts";

/** The base unit of each of our units, and its factor. */
const BASES: Record<MeasuredCell["unit"], [unit: string, factor: number]> = {
  ns: ["seconds", 1e-9],
  "bytes/s": ["bytes_per_second", 1],
  "messages/s": ["messages_per_second", 1],
  "ops/s": ["operations_per_second", 1],
  bytes: ["bytes", 1],
  messages: ["messages", 1],
};

const QUANTILES = [["0.5", "p50"], ["0.9", "p90"], ["0.99", "p99"], ["0.999", "p99.9"]] as const;

type Labels = Readonly<Record<string, string | number | boolean | undefined>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export const exporter: Exporter = {
  id: "openmetrics",
  summary: "OpenMetrics text, which Prometheus reads",
  extension: "txt",
  render(run) {
    const cells = measuredCells(run);
    const at = Date.parse(run.startedAt) / 1000;
    const parts = [info(run)];
    const host = hostLabels(run);
    for (const [unit, [base, factor]] of Object.entries(BASES)) {
      const own = cells.filter((cell) => cell.unit === unit);
      const gauge = (name: string, help: string, value: (cell: MeasuredCell) => number) =>
        parts.push(
          family(
            `${name}_${base}`,
            base,
            help,
            own.map((cell) => ({
              labels: { ...host, ...labelsOf(cell) },
              value: value(cell) * factor,
            })),
            at,
          ),
        );
      gauge("ipc_taxonomy_estimate", "Estimate of a cell.", (cell) => cell.estimate);
      gauge("ipc_taxonomy_low", "Lower end of its 95 % interval.", (cell) => cell.ci95[0]);
      gauge("ipc_taxonomy_high", "Upper end of its 95 % interval.", (cell) => cell.ci95[1]);
    }
    const quantiles = cells.flatMap((cell) =>
      QUANTILES.flatMap(([quantile, name]) => {
        const value = cell.percentiles?.[name];
        return value === undefined
          ? []
          : [{ labels: { ...host, ...labelsOf(cell), quantile }, value: value * 1e-9 }];
      })
    );
    parts.push(
      family("ipc_taxonomy_quantile_seconds", "seconds", "Time of an operation.", quantiles, at),
    );
    return parts.join("") + "# EOF\n";
  },
};

/** On every sample, so that files of several hosts can be collected beside each other. */
function hostLabels({ host }: Pick<RunDocument, "host">): Labels {
  return {
    hostname: host.hostname,
    kernel: host.kernel,
    instance: host.instance ?? undefined,
    runtime: host.runtime ?? undefined,
  };
}

function info({ id, host, tool, settings }: RunDocument): string {
  const labels = {
    run: id,
    machine_key: host.machineKey,
    ...hostLabels({ host }),
    deno: tool.deno,
    version: tool.version,
    profile: settings.profile,
  };
  return `# TYPE ipc_taxonomy_run info\n# HELP ipc_taxonomy_run What measured it, and where.\n` +
    `ipc_taxonomy_run_info${braced(labels)} 1\n`;
}

function family(
  name: string,
  unit: string,
  help: string,
  samples: readonly Sample[],
  at: number,
): string {
  if (samples.length === 0) return "";
  return `# TYPE ${name} gauge\n# UNIT ${name} ${unit}\n# HELP ${name} ${help}\n` +
    samples.map(({ labels, value }) => `${name}${braced(labels)} ${value} ${at}\n`).join("");
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

function braced(labels: Labels): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
