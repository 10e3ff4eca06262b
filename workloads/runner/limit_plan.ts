/**
 * A plan cut down to some of its cells, the control rows always among them.
 *
 * @module
 */
import type { Plan, PlannedCell, PlannedVisit } from "./plan.ts";
import type { Setup } from "./visit.ts";

/** Keeps the cells that `keep` says, and of the setups those that they use. */
export function limitPlan(plan: Plan, keep: (id: string) => boolean): Plan {
  const visits = plan.visits.flatMap((visit) => {
    if (visit.facility === null) return [visit];
    const cells = visit.cells.filter(({ task }) => keep(task.id));
    return cells.length === 0 ? [] : [renumbered(visit, cells)];
  });
  return { ...plan, visits, inapplicable: plan.inapplicable.filter(({ id }) => keep(id)) };
}

function renumbered(visit: PlannedVisit, cells: readonly PlannedCell[]): PlannedVisit {
  const used = [...new Set(cells.flatMap(({ task }) => task.setups ?? [task.setup]))];
  const place = (setup: number) => used.indexOf(setup);
  const setups: readonly Setup[] = used.map((index) => visit.setups[index]!);
  return {
    ...visit,
    count: Math.max(...cells.map(({ task }) => task.count)),
    setups: setups.map((setup, index) => ({
      ...setup,
      count: countOf(setup, used[index]!, cells),
    })),
    cells: cells.map((cell) => ({
      ...cell,
      task: {
        ...cell.task,
        setup: place(cell.task.setup),
        ...(cell.task.setups && { setups: cell.task.setups.map(place) }),
      },
    })),
  };
}

/** How many participants attach now: those of the largest cell that is left. */
function countOf(setup: Setup, index: number, cells: readonly PlannedCell[]): number {
  const counts = cells.filter(({ task }) => !task.setups && task.setup === index)
    .map(({ task }) => task.count);
  return counts.length === 0 ? setup.count : Math.max(...counts);
}
