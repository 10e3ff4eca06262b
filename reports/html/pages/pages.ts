/**
 * All pages of a site, in the order of its navigation. A new page is its file and one line here.
 *
 * @module
 */
import { advisePage } from "./advise.tsx";
import { claimsPage } from "./claims.tsx";
import { checksPage } from "./checks.tsx";
import { comparePage } from "./compare.tsx";
import { dataPage } from "./data.tsx";
import { facilitiesPage, facilityPage } from "./facilities.tsx";
import { fidelityPage } from "./fidelity.tsx";
import { fleetPage } from "./fleet.tsx";
import { historyPage } from "./history.tsx";
import { hostPage } from "./host.tsx";
import { matrixPage } from "./matrix.tsx";
import { methodsPage } from "./methods.tsx";
import { overviewPage } from "./overview.tsx";
import type { Site, SitePage } from "./page.tsx";
import { workloadPage, workloadsPage } from "./workloads.tsx";

/** An entry of the navigation, and the pages below it; null where the site has nothing for it. */
interface Entry {
  /** The `under` of its pages; the first of them has it as its path. */
  path: string;
  text: string;
  make: (site: Site) => SitePage[] | SitePage | null;
}

export const ENTRIES: readonly Entry[] = [
  { path: "index.html", text: "Overview", make: overviewPage },
  { path: "advise.html", text: "Advice", make: advisePage },
  {
    path: "facilities/index.html",
    text: "Facilities",
    make: (site) => [facilitiesPage(site), ...site.facilities.map((id) => facilityPage(site, id))],
  },
  {
    path: "workloads/index.html",
    text: "Workloads",
    make: (site) => [workloadsPage(site), ...site.workloads.map((id) => workloadPage(site, id))],
  },
  { path: "matrix.html", text: "Matrix", make: matrixPage },
  { path: "claims.html", text: "Claims", make: claimsPage },
  { path: "checks.html", text: "Checks", make: checksPage },
  { path: "fidelity.html", text: "Fidelity", make: fidelityPage },
  { path: "compare.html", text: "Compare", make: comparePage },
  { path: "history.html", text: "History", make: historyPage },
  { path: "fleet.html", text: "Fleet", make: fleetPage },
  { path: "methods.html", text: "Methods", make: methodsPage },
  { path: "host.html", text: "Host", make: hostPage },
  { path: "data.html", text: "Data", make: dataPage },
];

/** The pages that a site has something for, the overview first. */
export function pagesOf(site: Site): SitePage[] {
  return ENTRIES.flatMap(({ make }) => make(site) ?? []);
}
