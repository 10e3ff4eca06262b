/**
 * What has to be said of a run as a whole, with the cells it concerns and what would help.
 *
 * @module
 */
import type { Cell, MeasuredCell, Settings, Warning } from "./document.ts";
import type { StateCount } from "./like_with_like.ts";
import { NARROW_ENOUGH } from "./rounds.ts";
import { warning } from "./warning.ts";

/** Half the interval over the estimate, above which a cell is named. */
const WIDE = 0.1;
/** Cells that are named; the others are counted. */
const MOST_NAMED = 3;

/** Warnings about intervals, and about the machine's states. */
export function runWarnings(
  cells: readonly Cell[],
  states: readonly StateCount[],
  settings: Settings,
): Warning[] {
  const measured = cells.filter((cell) => cell.status === "measured" && !cell.control);
  return [
    ...aboutStates(measured as MeasuredCell[], states),
    ...aboutIntervals(
      measured as MeasuredCell[],
      settings,
    ),
  ];
}

function aboutIntervals(cells: readonly MeasuredCell[], settings: Settings): Warning[] {
  const wide = cells.filter((cell) => widthOf(cell) > WIDE)
    .sort((a, b) => widthOf(b) - widthOf(a));
  const open = cells.filter((cell) => widthOf(cell) > NARROW_ENOUGH).length;
  const found: Warning[] = [];
  if (settings.adaptive && open > 0) {
    found.push(warning(
      "not-settled",
      `${open} of ${cells.length} cells did not settle to ±${percent(NARROW_ENOUGH)} within the ` +
        `budget of ${settings.budgetSeconds} s: raise --budget for narrower intervals`,
    ));
  }
  if (wide.length > 0) {
    found.push(warning(
      "wide-intervals",
      `${wide.length} of ${cells.length} cells have an interval of more than ±${percent(WIDE)}, ` +
        `the widest ${named(wide, (cell) => `±${percent(widthOf(cell))}`)}: ` +
        `quieten the machine (deno task doctor), use --awake, or raise --budget`,
    ));
  }
  return found;
}

function aboutStates(cells: readonly MeasuredCell[], states: readonly StateCount[]): Warning[] {
  if (states.length < 2) return [];
  const trials = states.reduce((sum, state) => sum + state.trials, 0);
  const list = states.slice(0, MOST_NAMED)
    .map(({ name, trials: own }) => `${name} (${percent(own / trials)} of trials)`);
  const rarer = states.length - list.length;
  const number = (basis: MeasuredCell["basis"]) =>
    cells.filter((cell) => cell.basis === basis).length;
  const mixed = cells.filter(({ basis }) => basis === "mixed");
  const [one, normalised] = [number("one-state"), number("normalised")];
  return [
    warning(
      "machine-states",
      `the machine switched between ${states.length} states, by what its controls took: ` +
        `${list.join("; ")}${rarer > 0 ? ` and ${rarer} rarer` : ""}; ${one} cells are given as ` +
        `in the commonest state, ${normalised} with each trial set against its own control, ` +
        `${mixed.length} as they are` +
        (mixed.length > 0 ? `, such as ${named(mixed, () => "")}: raise --budget` : ""),
    ),
  ];
}

/** A few cells by id, and how many more there are. */
function named(cells: readonly MeasuredCell[], detail: (cell: MeasuredCell) => string): string {
  const names = cells.slice(0, MOST_NAMED).map((cell) => {
    const more = detail(cell);
    return more ? `${cell.id} (${more})` : cell.id;
  });
  const rest = cells.length - names.length;
  return names.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function widthOf({ estimate, ci95: [low, high] }: MeasuredCell): number {
  return estimate === 0 ? 0 : (high - low) / 2 / Math.abs(estimate);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
