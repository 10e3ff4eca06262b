/**
 * How the figures came about, and how to read the pages.
 *
 * @module
 */
import { Section } from "../components/parts.tsx";
import { FAMILY_TITLES, KNOWN_FACILITIES, lookOf } from "../model/appearance.ts";
import { titled } from "../model/rows.ts";
import { Named } from "../components/parts.tsx";
import { CHARTS, WORKLOADS } from "../words.ts";
import { Heading, type Site, type SitePage } from "./page.tsx";

export function methodsPage({ titles }: Site): SitePage {
  const families = [...new Set(KNOWN_FACILITIES.map((id) => lookOf(id).family))];
  return {
    path: "methods.html",
    under: "methods.html",
    title: "Methods",
    body: (
      <>
        <Heading title="Methods">
          <p class="lead">How to read these pages, and what they do not show.</p>
        </Heading>
        <Section id="measuring" title="How it is measured">
          <p>
            <strong>Real kernel objects, called directly.</strong>{" "}
            Every facility is used through the C library's own functions by foreign-function calls
            without a library in between. What a call costs there is measured in every run and shown
            as a floor.
          </p>
          <p>
            <strong>A trial is a fresh set of participants.</strong>{" "}
            They start, attach, prove that every message arrives as it was sent, warm up, agree to
            begin, and only then is the clock read. Nothing but the loop stands between two clock
            readings. Both sides touch every byte, also where memory is shared.
          </p>
          <p>
            <strong>Trials of all cells are interleaved</strong>{" "}
            in rounds of random order, so that a slow minute of the machine falls on all alike. The
            order can be repeated from its seed.
          </p>
          <p>
            <strong>The estimate is the median over trials</strong>{" "}
            (total over total for rates). The 95 % interval is over trials too: exact order
            statistics where there are enough, else the bootstrap. Samples within one trial never
            make an interval narrower. Percentiles come from merged histograms and are not averaged.
          </p>
          <p>
            <strong>Placement is a dimension.</strong>{" "}
            Participants are pinned to CPUs of a known distance. On one CPU a figure is mostly the
            scheduler's switch; across CPUs it is mostly the wake-up, and on a virtual machine that
            goes through its host.
          </p>
          <p>
            <strong>What a facility cannot do is said, not hidden:</strong>{" "}
            a size beyond its limit is “not applicable”, with the limit and where it was read.
          </p>
        </Section>
        <Section id="charts" title="What each chart shows">
          <dl class="leaves">
            {CHARTS.map(({ title, shows, not }) => (
              <div>
                <dt>{title}</dt>
                <dd>{shows} {not}</dd>
              </div>
            ))}
          </dl>
        </Section>
        <Section id="workloads" title="What each workload does">
          <dl class="leaves">
            {Object.entries(WORKLOADS).map(([id, { does, not }]) => (
              <div>
                <dt>{titled(id)}</dt>
                <dd>{does} {not}</dd>
              </div>
            ))}
          </dl>
        </Section>
        <Section
          id="marks"
          title="Colours and marks"
          lead="A facility has one colour and one mark on every page; the hue is its family's."
        >
          <div class="mark-key">
            {families.map((family) => (
              <div>
                <h3>{FAMILY_TITLES[family]}</h3>
                <ul>
                  {KNOWN_FACILITIES.filter((id) => lookOf(id).family === family).map((id) => (
                    <li>
                      <Named facility={id} label={titles.facility(id)} />
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </div>
        </Section>
        <Section id="choosing" title="Choosing, linking, taking away">
          <p>
            Every choice on a page is in its address, and only what differs from the default: a link
            shows another reader what you see, and the back button takes a choice back. A legend
            takes series out and in; each chart can be saved as a picture and its figures as CSV.
          </p>
        </Section>
      </>
    ),
  };
}
