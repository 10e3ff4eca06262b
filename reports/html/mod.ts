/**
 * HTML pages from run documents.
 *
 * @module
 */
export { renderReport, type ReportOptions } from "./report.tsx";
export { type SiteOptions, writeSite, type Written } from "./site.tsx";
export {
  rebuildOnChange,
  type RebuildOptions,
  type ServeOptions,
  serveSite,
  siteHandler,
} from "./serve.ts";
