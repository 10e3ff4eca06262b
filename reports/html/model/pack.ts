/**
 * Rows packed for a page: rows that share their dimensions say them once, figures keep six digits.
 *
 * The run document beside the page keeps every digit.
 *
 * @module
 */
import type { Row } from "./rows.ts";

type Shared = Omit<
  Row,
  | "id"
  | "sizeBytes"
  | "estimate"
  | "ci95"
  | "percentiles"
  | "batch"
  | "operations"
  | "cpuNs"
  | "trials"
  | "curve"
  | "sure"
>;

type Figure = number | null;

/** The order in which a page has what rows share. */
const FIELDS = [
  "facility",
  "workload",
  "placement",
  "participants",
  "count",
  "awake",
  "unit",
  "better",
  "variant",
  "wait",
  "parameters",
  "control",
  "title",
  "variantTitle",
] as const satisfies (keyof Shared)[];

/** The fields in that order, null for those that are not there; none after the last that is. */
type PackedShared = (string | number | boolean | Shared["parameters"] | null)[];

function packShared(shared: Partial<Shared>): PackedShared {
  const last = FIELDS.findLastIndex((name) => shared[name] !== undefined);
  return FIELDS.slice(0, last + 1).map((name) => shared[name] ?? null);
}

function unpackShared(packed: PackedShared): Shared {
  return Object.fromEntries(
    FIELDS.map((name, index) => [name, packed[index] ?? undefined]),
  ) as unknown as Shared;
}

/** Size, estimate, interval, CPU time, p90, p99, batch, whether sure; with detail also the rest. */
type PackedRow = [
  size: Figure,
  estimate: number,
  low: number,
  high: number,
  cpuNs: Figure,
  p90: Figure,
  p99: Figure,
  batch: Figure,
  sure: 0 | 1,
  max?: Figure,
  operations?: number,
  p50?: Figure,
  p999?: Figure,
  trials?: number[],
  curve?: Row["curve"] | null,
];

export interface PackedRows {
  shared: PackedShared;
  rows: PackedRow[];
}

const short = (value: number): number => Number(value.toPrecision(6));
const perhaps = (value: number | undefined): Figure => value === undefined ? null : short(value);
const given = (value: Figure | undefined): number | undefined => value ?? undefined;

/** What a facility or a variant is called, which only the first rows of it say. */
class SaidOnce {
  readonly #titles = new Map<string, string | undefined>();

  /** Without titles that were said before. */
  shorten(row: Shared): Partial<Shared> {
    return {
      ...row,
      title: this.#first(row.facility, row.title),
      variantTitle: this.#first(keyOf(row), row.variantTitle),
    };
  }

  /** With the titles that were said before. */
  complete(row: Shared): Shared {
    this.#first(row.facility, row.title);
    this.#first(keyOf(row), row.variantTitle);
    return {
      ...row,
      title: this.#titles.get(row.facility)!,
      variantTitle: this.#titles.get(keyOf(row)),
    };
  }

  #first(key: string, title: string | undefined): string | undefined {
    if (this.#titles.has(key)) return undefined;
    this.#titles.set(key, title);
    return title;
  }
}

const keyOf = ({ facility, variant = "" }: Shared) => `${facility}\0${variant}`;

/** With `detail`, trials and percentiles too. */
export function packRows(rows: readonly Row[], detail: boolean): PackedRows[] {
  const groups = new Map<string, PackedRows>();
  const once = new SaidOnce();
  for (const row of rows) {
    const key = JSON.stringify(packShared({ ...row, title: "", variantTitle: "" }));
    let group = groups.get(key);
    if (!group) groups.set(key, group = { shared: packShared(once.shorten(row)), rows: [] });
    const { percentiles } = row;
    const packed: PackedRow = [
      row.sizeBytes ?? null,
      short(row.estimate),
      short(row.ci95[0]),
      short(row.ci95[1]),
      perhaps(row.cpuNs),
      perhaps(percentiles?.p90),
      perhaps(percentiles?.p99),
      row.batch ?? null,
      row.sure === false ? 0 : 1,
    ];
    if (detail) {
      packed.push(
        perhaps(percentiles?.max),
        row.operations,
        perhaps(percentiles?.p50),
        perhaps(percentiles?.["p99.9"]),
        row.trials.map(short),
        row.curve ?? null,
      );
    }
    group.rows.push(packed);
  }
  return [...groups.values()];
}

export function unpackRows(packed: readonly PackedRows[]): Row[] {
  const once = new SaidOnce();
  return packed.flatMap(({ shared, rows }) => {
    const common = once.complete(unpackShared(shared));
    return rows.map((row): Row => {
      const [size, estimate, low, high, cpuNs, p90, p99, batch, sure, max, operations] = row;
      const [, , , , , , , , , , , p50, p999, trials, curve] = row;
      return {
        ...common,
        id: "",
        sizeBytes: given(size),
        estimate,
        ci95: [low, high],
        cpuNs: given(cpuNs),
        batch: given(batch),
        operations: operations ?? 0,
        trials: trials ?? [],
        curve: curve ?? undefined,
        ...(sure === 0 ? { sure: false as const } : {}),
        percentiles: p90 === null && p99 === null && max === undefined ? undefined : {
          p50: given(p50),
          p90: given(p90),
          p99: given(p99),
          "p99.9": given(p999),
          max: max ?? NaN,
        },
      };
    });
  });
}
