/**
 * The statements of the taxonomy with their verdicts and the evidence.
 *
 * @module
 */
import type { ClaimVerdict } from "../../../workloads/runner/document.ts";
import type { Titles } from "../model/titles.ts";
import { Named, Scroll } from "./parts.tsx";

export const VERDICTS = {
  holds: "Holds",
  fails: "Fails",
  "not-applicable": "Not applicable",
  unknown: "Unknown",
} as const;
export const SIGNS = { holds: "✓", fails: "✗", "not-applicable": "–", unknown: "?" } as const;

export function Claims(
  { claims, titles, label = "Statements and their evidence" }: {
    claims: readonly ClaimVerdict[];
    titles: Titles;
    label?: string;
  },
) {
  return (
    <Scroll label={label}>
      <table class="claims">
        <thead>
          <tr>
            <th scope="col">Statement</th>
            <th scope="col">Facility</th>
            <th scope="col">Verdict</th>
            <th scope="col">Expected</th>
            <th scope="col">Observed</th>
          </tr>
        </thead>
        <tbody>
          {claims.map((claim) => (
            <tr>
              <th scope="row" class="words">
                {claim.statement}
                <span class="detail block">
                  <code>{claim.id}</code>
                  {claim.section && <>· §{claim.section}</>}
                </span>
              </th>
              <td>
                <Named facility={claim.facility} label={titles.facility(claim.facility)} />
              </td>
              <td class={`verdict verdict-${claim.verdict}`}>
                <span aria-hidden="true">{SIGNS[claim.verdict]}</span> {VERDICTS[claim.verdict]}
              </td>
              <td class="words">{claim.expected}</td>
              <td class="words">
                {claim.observed}
                {claim.reason && <span class="detail block">{claim.reason}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
