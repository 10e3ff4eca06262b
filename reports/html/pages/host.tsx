/**
 * The host, its limits, and what is to be said against the figures.
 *
 * @module
 */
import { Controls } from "../components/controls.tsx";
import { HostFacts, LimitTable, Missing, Warnings } from "../components/facts.tsx";
import { Section } from "../components/parts.tsx";
import { Heading, type Site, type SitePage } from "./page.tsx";

export function hostPage(site: Site): SitePage {
  const { run } = site;
  return {
    path: "host.html",
    under: "host.html",
    title: `Host, IPC on ${run.host.hostname}`,
    body: (
      <>
        <Heading kicker="Host" title={run.host.hostname} />
        <Section id="warnings" title="Warnings">
          <Warnings run={run} />
        </Section>
        <Section id="facts" title="Facts">
          <HostFacts run={run} />
        </Section>
        {site.controls.length > 0 && (
          <Section
            id="floors"
            title="Floors"
            lead="What the same loop costs without any facility: no other figure can be below these."
          >
            <Controls rows={site.controls} />
          </Section>
        )}
        <Section
          id="limits"
          title="Limits"
          lead="A facility is measured up to its limit on this host; nothing is cut off in silence."
        >
          <LimitTable limits={Object.values(run.host.limits)} />
          <h3>What could not be measured</h3>
          <Missing cells={run.cells} status="not-applicable" />
          <h3>Failures</h3>
          <Missing cells={run.cells} status="failed" />
        </Section>
      </>
    ),
  };
}
