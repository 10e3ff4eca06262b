/**
 * What of a run an answer is made from.
 *
 * @module
 */
import type { Cell, ClaimVerdict, RunDocument } from "../../workloads/runner/document.ts";
import { rowsOf } from "../html/model/rows.ts";
import type { Basis, Obstacle, Verdict } from "./answer.ts";
import { PATTERNS } from "./requirements.ts";

/** The workloads that answers are made from. */
export const WORKLOADS_USED: ReadonlySet<string> = new Set(
  Object.values(PATTERNS).map(({ workload }) => workload),
);

/** Of a run, or of none. */
export function basisOf(run: Pick<RunDocument, "cells" | "claims" | "facilities"> | null): Basis {
  if (!run) return { rows: [], obstacles: [], verdicts: [] };
  const cells = run.cells.filter(({ workload, control }) =>
    WORKLOADS_USED.has(workload) && !control
  );
  return {
    rows: rowsOf({ cells, facilities: run.facilities }),
    obstacles: obstaclesAmong(cells),
    verdicts: verdictsOf(run.claims),
  };
}

/** The same with the reasons why other cells could not be measured. */
export function withObstacles(basis: Basis, cells: readonly Cell[]): Basis {
  return { ...basis, obstacles: [...basis.obstacles, ...obstaclesAmong(cells)] };
}

function obstaclesAmong(cells: readonly Cell[]): Obstacle[] {
  return cells.flatMap((cell): Obstacle[] => {
    if (cell.status === "measured") return [];
    const { facility, workload, sizeBytes, participants, reason } = cell;
    return [{
      facility,
      workload,
      participants,
      reason,
      ...(sizeBytes !== undefined && { sizeBytes }),
    }];
  });
}

/** The same with the verdicts of other experiments, which come after its own. */
export function withVerdicts(basis: Basis, claims: readonly ClaimVerdict[]): Basis {
  return { ...basis, verdicts: [...basis.verdicts, ...verdictsOf(claims)] };
}

/** Only what was tried says anything. */
function verdictsOf(claims: readonly ClaimVerdict[]): Verdict[] {
  return claims.flatMap(({ id, facility, verdict }) =>
    verdict === "not-applicable" ? [] : [{ id, facility, verdict }]
  );
}
