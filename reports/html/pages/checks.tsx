/**
 * Whether the run measured rightly, and where its curves bend.
 *
 * @module
 */
import { checksOf } from "../../expected.ts";
import { Checks, CHECKS_LEAD, checkWords, Knees, KNEES_LEAD } from "../components/checks.tsx";
import { Section } from "../components/parts.tsx";
import { Heading, type Site, type SitePage } from "./page.tsx";

export function checksPage({ run, usual }: Site): SitePage {
  return {
    path: "checks.html",
    under: "checks.html",
    title: `Checks, IPC on ${run.host.hostname}`,
    body: (
      <>
        <Heading title="Checks">
          <p class="verdict-text">Of what this run should show, {checkWords(checksOf(run))}</p>
        </Heading>
        <Section id="expected" title="As expected" lead={CHECKS_LEAD}>
          <Checks run={run} />
        </Section>
        <Section id="knees" title="Knees" lead={KNEES_LEAD}>
          <Knees run={run} usual={usual.get("round-trip")?.view.slice} />
        </Section>
      </>
    ),
  };
}
