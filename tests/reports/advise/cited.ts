/** What the answers to all situations rest on, as pairs of a claim and a facility. */
import { advise } from "../../../reports/advise/answer.ts";
import { basisOf } from "../../../reports/advise/basis.ts";
import { declarations } from "../../../reports/advise/declare.ts";
import { requirementsOf } from "../../../reports/advise/requirements.ts";
import { admittedRun } from "./admitted_run.ts";
import { NOTHING, SITUATIONS, USUAL } from "./situations.ts";

/** `pollable pipe`, `identifier pipe`, each once; what is beside the taxonomy has no experiments. */
export async function citedClaims(): Promise<string[]> {
  const facilities = await declarations(USUAL);
  const cited = SITUATIONS.flatMap((asked) => {
    const question = requirementsOf(asked);
    const { excluded, unmeasured } = advise(question, facilities, NOTHING);
    const { ranked } = advise(question, facilities, basisOf(admittedRun(question, unmeasured)));
    return [
      ...excluded.map(({ facility, claim }) => `${claim!.id} ${facility}`),
      ...ranked.flatMap(({ facility, claims }) => claims.map(({ id }) => `${id} ${facility}`)),
    ];
  });
  const beside = facilities.filter((each) => each.beside).map(({ id }) => ` ${id}`);
  return [...new Set(cited)].filter((pair) => !beside.some((id) => pair.endsWith(id)));
}
