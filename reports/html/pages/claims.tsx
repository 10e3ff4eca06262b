/**
 * The taxonomy's statements with their verdicts: a matrix, then the evidence for each.
 *
 * @module
 */
import type { ClaimVerdict } from "../../../workloads/runner/document.ts";
import { treeOf, type Twig } from "../about.ts";
import { Claims, SIGNS, VERDICTS } from "../components/claims.tsx";
import { Mark, Scroll, Section } from "../components/parts.tsx";
import { lookOf } from "../model/appearance.ts";
import { count } from "../model/format.ts";
import { facilityPath, Heading, type Site, type SitePage } from "./page.tsx";

function leavesOf(twig: Twig): string[] {
  return [...twig.twigs.flatMap(leavesOf), ...twig.leaves];
}

/** Facilities down, statements across. */
function Matrix({ claims, facilities }: { claims: readonly ClaimVerdict[]; facilities: string[] }) {
  const ids = [...new Set(claims.map((claim) => claim.id))];
  return (
    <Scroll label="Claims by facility">
      <table class="claim-matrix">
        <thead>
          <tr>
            <th scope="col">Facility</th>
            {ids.map((id) => (
              <th scope="col" class="turned">
                <span>{id}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {facilities.map((facility) => (
            <tr>
              <th scope="row">
                <a href={facilityPath(facility)} class="named">
                  <Mark facility={facility} />
                  <span>{lookOf(facility).title}</span>
                </a>
              </th>
              {ids.map((id) => {
                const claim = claims.find((claim) =>
                  claim.id === id && claim.facility === facility
                );
                return (
                  <td class={claim && `verdict-${claim.verdict}`}>
                    {claim && (
                      <>
                        <span aria-hidden="true">{SIGNS[claim.verdict]}</span>
                        <span class="hidden">{VERDICTS[claim.verdict]}</span>
                      </>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function claimsPage(site: Site): SitePage | null {
  const { claims } = site.run;
  if (claims.length === 0) return null;
  const number = (verdict: ClaimVerdict["verdict"]) =>
    claims.filter((claim) => claim.verdict === verdict).length;
  const tree = treeOf(new Set(claims.map((claim) => claim.facility)));
  const order = tree.flatMap(leavesOf);
  const failing = claims.filter((claim) => claim.verdict === "fails");
  return {
    path: "claims.html",
    under: "claims.html",
    title: `Claims, IPC on ${site.run.host.hostname}`,
    body: (
      <>
        <Heading title="Claims">
          <p class="verdict-text">
            Of {count(claims.length, "pair")} of statement and facility, {number("holds")} hold,
            {" "}
            {number("fails")} fail and {number("not-applicable")}{" "}
            do not apply. Each was put to the test by an experiment on this host.
          </p>
        </Heading>
        {failing.length > 0 && (
          <Section id="failing" title="What does not hold">
            <Claims claims={failing} label="Claims that fail and their evidence" />
          </Section>
        )}
        <Section id="matrix" title="At a glance">
          <Matrix claims={claims} facilities={order} />
          <p class="footnote">
            {SIGNS.holds} holds, {SIGNS.fails} fails, {SIGNS["not-applicable"]}{" "}
            not applicable here; empty: not asked of this facility.
          </p>
        </Section>
        {tree.map((branch) => (
          <Section
            id={`branch-${branch.title.toLowerCase().replace(/\W+/g, "-")}`}
            title={branch.title}
          >
            {leavesOf(branch).map((facility) => (
              <details open={leavesOf(branch).length < 3}>
                <summary>
                  <span class="named">
                    <Mark facility={facility} />
                    <span>{lookOf(facility).title}</span>
                  </span>
                </summary>
                <Claims
                  claims={claims.filter((claim) => claim.facility === facility)}
                  label={`Evidence about ${lookOf(facility).title}`}
                />
              </details>
            ))}
          </Section>
        ))}
      </>
    ),
  };
}
