/**
 * What a run should show if it measured rightly: capacities that the kernel declares, and pairs of
 * facilities that share one path through it.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../workloads/runner/document.ts";

/** One expectation, and what the run has to say of it. */
export interface Check {
  readonly id: string;
  readonly statement: string;
  readonly expected: string;
  readonly observed: string;
  readonly verdict: "as expected" | "unexpected" | "not measured";
  /** Ids of the cells it rests on. */
  readonly cells: readonly string[];
}

const PAGE = 4096;
/** pipe(7): 16 pages, since Linux 2.6.11. */
const PIPE_CAPACITY = 65_536;
/** Of pairs that are alike, so many intervals overlap; of 95 % intervals, nearly all should. */
const OVERLAPPING = 0.9;

/** Facilities, or their variants, that run through the same code in the kernel. */
const ALIKE: readonly { id: string; statement: string; sides: readonly [Side, Side] }[] = [
  {
    id: "pipe-and-fifo",
    statement: "A pipe and a FIFO are one thing in the kernel and measure alike",
    sides: [{ facility: "pipe" }, { facility: "fifo" }],
  },
  ...[
    ["unix-stream", "stream"],
    ["unix-datagram", "datagram"],
    ["unix-seqpacket", "sequenced-packet"],
  ].map(([facility = "", kind]) => ({
    id: `${facility}-variants`,
    statement: `Connected by socketpair or by a pathname, a UNIX ${kind} socket measures alike`,
    sides: [{ facility, variant: "socketpair" }, { facility, variant: "pathname" }] as const,
  })),
];

interface Side {
  readonly facility: string;
  readonly variant?: string;
}

/** All expectations, those that were not measured too. */
export function checksOf(run: RunDocument): Check[] {
  const cells = run.cells.filter((cell): cell is MeasuredCell => cell.status === "measured");
  const bursts = cells.filter(({ workload }) => workload === "burst");
  return [
    ...pipeChecks("pipe", "A pipe", bursts),
    ...pipeChecks("fifo", "A FIFO", bursts),
    declaredCheck(
      "posix-message-queue",
      "A POSIX message queue holds its own mq_maxmsg messages",
      bursts,
    ),
    declaredCheck(
      "sysv-message-queue",
      "A System V message queue holds its own msg_qbytes bytes",
      bursts,
    ),
    ...ALIKE.map(({ id, statement, sides }) => alikeCheck(id, statement, sides, cells)),
  ];
}

function pipeChecks(
  facility: string,
  subject: string,
  bursts: readonly MeasuredCell[],
): Check[] {
  const whole = bursts.filter((cell) => cell.facility === facility && cell.sizeBytes! % PAGE === 0);
  const usual = whole.filter(({ parameters }) => parameters?.capacityBytes === undefined);
  const asked = whole.filter(({ parameters }) => parameters?.capacityBytes !== undefined);
  return [
    equalCheck(
      `${facility}-capacity`,
      `${subject} holds ${PIPE_CAPACITY} bytes of page-sized writes`,
      usual,
      () => PIPE_CAPACITY,
    ),
    equalCheck(
      `${facility}-capacity-asked-for`,
      `${subject} holds what F_SETPIPE_SZ asked for`,
      asked,
      ({ parameters }) => Number(parameters!.capacityBytes),
    ),
  ];
}

function declaredCheck(
  facility: string,
  statement: string,
  bursts: readonly MeasuredCell[],
): Check {
  const cells = bursts.filter((cell) => cell.facility === facility && cell.declared !== undefined);
  return equalCheck(
    `${facility}-capacity`,
    statement,
    cells,
    (cell) => cell.declared!,
  );
}

function equalCheck(
  id: string,
  statement: string,
  cells: readonly MeasuredCell[],
  expected: (cell: MeasuredCell) => number,
): Check {
  const list = (values: readonly number[]) => values.map((value) => `${value}`).join(", ");
  const wanted = cells.map(expected);
  const found = cells.map(({ estimate }) => estimate);
  return {
    id,
    statement,
    expected: `${list(wanted)} bytes`,
    observed: cells.length > 0 ? `${list(found)} bytes` : "no burst of it",
    verdict: verdictOf(cells.length, wanted.every((value, at) => value === found[at])),
    cells: cells.map(({ id }) => id),
  };
}

function alikeCheck(
  id: string,
  statement: string,
  [one, other]: readonly [Side, Side],
  cells: readonly MeasuredCell[],
): Check {
  const of = ({ facility, variant }: Side) =>
    new Map(
      cells.filter((cell) => cell.facility === facility && cell.variant === variant)
        .map((cell) => [restOf(cell), cell]),
    );
  const others = of(other);
  const pairs = [...of(one)].flatMap(([rest, cell]) => {
    const match = others.get(rest);
    return match && timed(cell) && hasRange(cell) && hasRange(match)
      ? [[cell, match] as const]
      : [];
  });
  const overlapping = pairs.filter(([a, b]) => overlap(a, b)).length;
  return {
    id,
    statement,
    expected: `at least ${OVERLAPPING * 100} % of the 95 % intervals overlap`,
    observed: pairs.length > 0 ? `${overlapping} of ${pairs.length} overlap` : "no such pair",
    verdict: verdictOf(pairs.length, overlapping >= OVERLAPPING * pairs.length),
    cells: pairs.flat().map(({ id }) => id),
  };
}

/** Links are made and opened in different ways, so that only what moves data is alike. */
function timed({ workload }: MeasuredCell): boolean {
  return workload !== "lifecycle" && workload !== "burst";
}

/** A single trial overlaps with nothing, whatever it is compared with. */
function hasRange({ trials }: MeasuredCell): boolean {
  return trials.length > 1;
}

/** All dimensions of a cell but the facility and its variant. */
function restOf({ id }: MeasuredCell): string {
  const [workload, , ...rest] = id.split("/");
  return [workload, ...rest].join("/");
}

function overlap(a: MeasuredCell, b: MeasuredCell): boolean {
  return a.ci95[0] <= b.ci95[1] && b.ci95[0] <= a.ci95[1];
}

function verdictOf(measured: number, holds: boolean): Check["verdict"] {
  if (measured === 0) return "not measured";
  return holds ? "as expected" : "unexpected";
}
