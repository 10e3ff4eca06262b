/**
 * HTML pages from run documents.
 *
 * @module
 */
export { renderReport, type ReportOptions } from "./report.tsx";
