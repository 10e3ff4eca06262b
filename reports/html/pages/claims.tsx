/**
 * The taxonomy's statements with their verdicts: what each facility was found to be, System V beside
 * POSIX, and the evidence.
 *
 * @module
 */
import {
  type PairTable,
  pairTables,
  type PropertyMatrix,
  propertyMatrix,
} from "../../../workloads/claims/matrix.ts";
import type { ClaimVerdict } from "../../../workloads/runner/document.ts";
import { treeOf, type Twig } from "../about.ts";
import { Claims, SIGNS, VERDICTS } from "../components/claims.tsx";
import { Mark, Named, Scroll, Section } from "../components/parts.tsx";
import { count, quantity } from "../model/format.ts";
import { titled } from "../model/rows.ts";
import type { Titles } from "../model/titles.ts";
import { facilityPath, Heading, type Site, type SitePage } from "./page.tsx";

function leavesOf(twig: Twig): string[] {
  return [...twig.twigs.flatMap(leavesOf), ...twig.leaves];
}

function FacilityLink({ id, titles }: { id: string; titles: Titles }) {
  return (
    <a href={facilityPath(id)} class="named">
      <Mark facility={id} />
      <span>{titles.facility(id)}</span>
    </a>
  );
}

/** What each facility was found to be: the book's tables, measured. */
function Properties(
  { matrix, order, titles }: {
    matrix: PropertyMatrix;
    order: readonly string[];
    titles: Titles;
  },
) {
  const rows = [...matrix.rows].sort((a, b) =>
    order.indexOf(a.facility) - order.indexOf(b.facility)
  );
  const used = matrix.properties.filter(({ id }) => rows.some((row) => row.cells[id]?.value));
  return (
    <Scroll label="Properties by facility">
      <table class="properties">
        <thead>
          <tr>
            <th scope="col">Facility</th>
            {used.map(({ title }) => <th scope="col">{title}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ facility, cells }) => (
            <tr>
              <th scope="row">
                <FacilityLink id={facility} titles={titles} />
              </th>
              {used.map(({ id }) => {
                const cell = cells[id];
                if (cell?.value) return <td>{cell.value.replaceAll("-", " ")}</td>;
                if (cell?.verdict === "unknown") return <td class="verdict-unknown">unknown</td>;
                return (
                  <td class={cell?.verdict === "fails" ? "bad" : "detail"}>
                    {cell?.verdict === "fails" ? `not as declared: ${cell.observed}` : "–"}
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

/** Facilities down, statements across. */
function Matrix(
  { claims, order, titles }: {
    claims: readonly ClaimVerdict[];
    order: readonly string[];
    titles: Titles;
  },
) {
  const ids = [...new Set(claims.map((claim) => claim.id))];
  const found = new Map(claims.map((claim) => [`${claim.id}\0${claim.facility}`, claim]));
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
          {order.map((facility) => (
            <tr>
              <th scope="row">
                <FacilityLink id={facility} titles={titles} />
              </th>
              {ids.map((id) => {
                const claim = found.get(`${id}\0${facility}`);
                return (
                  <td class={claim && `verdict-${claim.verdict}`}>
                    {claim && (
                      <>
                        <span aria-hidden="true">
                          {claim.verdict === "not-applicable" ? "·" : SIGNS[claim.verdict]}
                        </span>
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

/** The figures of both facilities of a pair, workload by workload. */
function PairFigures({ site, pair }: { site: Site; pair: PairTable }) {
  const rows = site.workloads.flatMap((workload) => {
    const { places = [], at = "" } = site.usual.get(workload)?.ranking ?? {};
    const [first, second] = pair.facilities.map((id) =>
      places.find(({ row }) => row.facility === id)?.row
    );
    return first && second ? [{ workload, at, first, second }] : [];
  });
  return (
    <>
      {rows.map(({ workload, at, first, second }) => (
        <tr>
          <th scope="row">
            {titled(workload)}
            {at && <span class="detail">, {at}</span>}
          </th>
          {[first, second].map((row) => (
            <td>
              <data value={String(row.estimate)}>{quantity(row.estimate, row.unit)}</data>
              {row.sure !== false && (
                <span class="detail block">
                  {quantity(row.ci95[0], row.unit)} – {quantity(row.ci95[1], row.unit)}
                </span>
              )}
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}

/** System V beside POSIX: figures, properties, and where they differ. */
function Pair({ site, pair }: { site: Site; pair: PairTable }) {
  const alike = pair.rows.filter((row) => row.alike);
  const others = pair.rows.filter((row) => !row.alike);
  return (
    <>
      <h3>{pair.title}</h3>
      <Scroll label={`${pair.title}: System V and POSIX`}>
        <table class="pair">
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">What</span>
              </th>
              {pair.facilities.map((id) => (
                <th scope="col">
                  <Named facility={id} label={site.titles.facility(id)} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <PairFigures site={site} pair={pair} />
            {others.map(({ claim, statement, verdicts }) => (
              <tr>
                <th scope="row" class="words">
                  {claim.replaceAll("-", " ")}
                  <span class="detail block">{statement}</span>
                </th>
                {verdicts.map(({ verdict, value, observed, reason }) => (
                  <td class="words">
                    {verdict === "not-applicable" || verdict === "unknown"
                      ? (
                        <span class={verdict === "unknown" ? "verdict-unknown" : "detail"}>
                          {SIGNS[verdict]} {reason}
                        </span>
                      )
                      : (
                        <>
                          <span class={`verdict-${verdict}`}>{SIGNS[verdict]}</span>{" "}
                          {value ? <strong>{value.replaceAll("-", " ")}</strong> : observed}
                          {value && <span class="detail block">{observed}</span>}
                        </>
                      )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {alike.length > 0 && (
        <p class="footnote">Alike in {alike.map(({ claim }) => claim).join(", ")}.</p>
      )}
    </>
  );
}

/** Where the notes say it otherwise, with what was seen. */
function WordOnTheNotes({ claims }: { claims: readonly ClaimVerdict[] }) {
  const seen = claims.filter(({ id, verdict }) =>
    id === "datagrams-are-messages" && verdict === "holds"
  );
  if (seen.length === 0) return null;
  return (
    <Section id="notes" title="A word on the notes">
      <p>
        Section 43.2 of the notes names datagram sockets among the byte streams, and again among the
        message facilities. The first seems to be a slip for stream sockets, which keep no
        boundaries; datagram sockets do:
      </p>
      <ul>{seen.map(({ observed }) => <li>{observed}</li>)}</ul>
    </Section>
  );
}

/** The statements about one facility: those that apply, and why the others do not. */
export function FacilityClaims(
  { claims, titles, id }: { claims: readonly ClaimVerdict[]; titles: Titles; id: string },
) {
  const own = claims.filter((claim) => claim.facility === id);
  const applicable = own.filter((claim) => claim.verdict !== "not-applicable");
  const others = own.filter((claim) => claim.verdict === "not-applicable");
  return (
    <>
      {applicable.length > 0
        ? (
          <Claims
            claims={applicable}
            titles={titles}
            label={`Evidence about ${titles.facility(id)}`}
          />
        )
        : <p>No statement that was tried applies to it.</p>}
      {others.length > 0 && (
        <details>
          <summary>{count(others.length, "statement")} that do not apply to it, and why</summary>
          <ul>
            {others.map(({ id, statement, reason }) => (
              <li>
                <code>{id}</code>: {statement} <span class="detail">{reason}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

export function claimsPage(site: Site): SitePage | null {
  const { titles, run: { claims } } = site;
  if (claims.length === 0) return null;
  const number = (verdict: ClaimVerdict["verdict"]) =>
    claims.filter((claim) => claim.verdict === verdict).length;
  const tree = treeOf(new Set(claims.map((claim) => claim.facility)));
  const order = tree.flatMap(leavesOf);
  const failing = claims.filter((claim) => claim.verdict === "fails");
  const unknown = claims.filter((claim) => claim.verdict === "unknown");
  const properties = propertyMatrix(claims);
  const pairs = pairTables(claims);
  const statements = new Set(claims.map((claim) => claim.id)).size;
  return {
    path: "claims.html",
    under: "claims.html",
    title: `Claims, IPC on ${site.run.host.hostname}`,
    body: (
      <>
        <Heading title="Claims">
          <p class="verdict-text">
            {count(statements, "statement")} of the taxonomy were put to the test on this host: of
            {" "}
            {count(claims.length, "pair")} of statement and facility, {number("holds")} hold,{" "}
            {number("fails")} fail{unknown.length > 0 && `, ${unknown.length} are unknown`} and{" "}
            {number("not-applicable")} do not apply.
          </p>
        </Heading>
        {failing.length > 0 && (
          <Section id="failing" title="What does not hold">
            <Claims claims={failing} titles={titles} label="Claims that fail and their evidence" />
          </Section>
        )}
        {unknown.length > 0 && (
          <Section
            id="unknown"
            title="What could not be tried"
            lead="Something on this host kept the experiment from being made, which says nothing of the facility: what it was, and what would help."
          >
            <Claims
              claims={unknown}
              titles={titles}
              label="Claims that could not be tried, and why"
            />
          </Section>
        )}
        {properties.rows.some((row) => Object.values(row.cells).some((cell) => cell.value)) && (
          <Section
            id="properties"
            title="What each facility was found to be"
            lead="The comparison tables of the literature, measured instead of quoted: a field is filled where an experiment showed what the facility declares."
          >
            <Properties matrix={properties} order={order} titles={titles} />
          </Section>
        )}
        {pairs.length > 0 && (
          <Section
            id="pairs"
            title="System V beside POSIX"
            lead="Similar facilities exist because later ones mend earlier ones' design: where the two differ, in figures and in what was seen."
          >
            {pairs.map((pair) => <Pair site={site} pair={pair} />)}
          </Section>
        )}
        <Section id="matrix" title="All statements by facility">
          <Matrix claims={claims} order={order} titles={titles} />
          <p class="footnote">
            {SIGNS.holds} holds, {SIGNS.fails} fails, {SIGNS.unknown}{" "}
            could not be tried, · not applicable; empty: not asked of this facility.
          </p>
        </Section>
        <WordOnTheNotes claims={claims} />
        {tree.map((branch) => (
          <Section
            id={`branch-${branch.title.toLowerCase().replace(/\W+/g, "-")}`}
            title={branch.title}
          >
            {leavesOf(branch).map((facility) => (
              <details class="leaf-claims">
                <summary>
                  <span class="named">
                    <Mark facility={facility} />
                    <span>{titles.facility(facility)}</span>
                  </span>
                </summary>
                <FacilityClaims claims={claims} titles={titles} id={facility} />
              </details>
            ))}
          </Section>
        ))}
      </>
    ),
  };
}
