/**
 * The host, its limits, and what is to be said against the figures.
 *
 * @module
 */
import { Floors } from "../components/controls.tsx";
import { HostFacts, Limits, Warnings } from "../components/facts.tsx";
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
        <Floors rows={site.controls} />
        <Limits run={run} />
      </>
    ),
  };
}
