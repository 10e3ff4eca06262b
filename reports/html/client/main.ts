/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The page's script: the reader's choices live in the address, and all that is shown follows it.
 *
 * @module
 */
import { render } from "preact";
import { type Choices, DEFAULTS, parseChoices, queryOf, toggled } from "../model/choices.ts";
import { chartCsv } from "../model/csv.ts";
import { type PackedRows, unpackRows } from "../model/pack.ts";
import { type PageData, renderView, type ViewArguments } from "../views/views.tsx";
import { savePicture, saveText } from "./download.ts";
import {
  bindFigures,
  drawAllFigures,
  dropFigures,
  figureOf,
  raiseLine,
  redrawFigures,
} from "./figures.ts";
import { readChoices, showChoices } from "./filters.ts";
import { themeNow, watchTheme } from "./theme.ts";

/** The page's own data, its rows packed. */
interface Embedded extends Omit<PageData, "rows"> {
  rows?: PackedRows[];
  /** Stands under pictures that leave the page. */
  origin?: string;
  /** Id of the run that a single file holds. */
  run?: string;
}

function embedded<T>(id: string): T | undefined {
  const text = document.getElementById(id)?.textContent;
  return text ? JSON.parse(text) as T : undefined;
}

const page = embedded<Embedded>("page") ?? {};
const data: PageData = { ...page, rows: unpackRows(page.rows ?? []) };

/** The run document that a single file holds, as JSON. */
async function runText(): Promise<string> {
  const packed = embedded<string>("run-gzip");
  if (packed === undefined) return JSON.stringify(embedded("run"), null, 2);
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

const roots = [...document.querySelectorAll<HTMLElement>("[data-view]")];
const form = document.querySelector<HTMLFormElement>("form.filters");
let choices: Choices = DEFAULTS;

/** Shows what the choices ask for; the page as it was made shows the defaults already. */
function show(next: Choices, first = false): void {
  choices = next;
  const asMade = first && queryOf(next) === "";
  for (const root of roots) {
    const { view = "", workload, facility, chartName: chart } = root.dataset;
    const args: ViewArguments = { view, workload, facility, chart };
    const { node, charts } = renderView(data, next, args);
    if (!asMade) render(node, root);
    bindFigures(root, charts, next);
  }
  dropFigures();
  if (form) showChoices(form, next);
}

/** Takes a choice into the address, so that it can be linked to and gone back from. */
function choose(next: Choices): void {
  const query = queryOf(next);
  if (query !== location.search) {
    try {
      history.pushState(null, "", query + location.hash || location.pathname);
    } catch {
      // Some browsers keep the address of a page from a file as it is; the choice is made all the same.
    }
  }
  show(next);
}

addEventListener("popstate", () => {
  const next = parseChoices(location.search);
  if (queryOf(next) !== queryOf(choices)) show(next);
});

form?.addEventListener("change", () => choose(readChoices(form, choices)));
form?.addEventListener("submit", (event) => event.preventDefault());
form?.addEventListener("reset", (event) => {
  event.preventDefault();
  choose(DEFAULTS);
});

/** A click on a legend's series: gone where it was to be seen, there where it was not. */
function toggleSeries(key: string, shown: boolean): Choices {
  const hide = new Set(choices.hide);
  const show = new Set(choices.show);
  if (shown) {
    // A series that was only asked for goes back to its default; one seen by default is taken out.
    if (!show.delete(key)) hide.add(key);
  } else {
    const wasHidden = hide.delete(key);
    const facilityWas = hide.delete(key.split("~")[0]!);
    if (!wasHidden && !facilityWas) show.add(key);
  }
  return { ...choices, hide, show };
}

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-action]");
  const figure = button && figureOf(button);
  if (!button || !figure) return;
  const { topic } = figure.model;
  switch (button.dataset.action) {
    case "series": {
      const key = button.dataset.key!;
      return choose(toggleSeries(key, button.getAttribute("aria-pressed") === "true"));
    }
    case "log":
    case "linear":
      if (choices.linear.has(topic) === (button.dataset.action === "linear")) return;
      return choose({ ...choices, linear: toggled(choices.linear, topic) });
    case "box":
    case "violin":
      return choose({ ...choices, violin: button.dataset.action === "violin" });
    case "png":
      return savePicture(figure.canvas, figure.model, themeNow(), page.origin ?? "");
    case "csv":
      return saveText(`${figure.model.id}.csv`, "text/csv", chartCsv(figure.model));
  }
});

for (const [type, on] of [["pointerover", true], ["pointerout", false]] as const) {
  document.addEventListener(type, (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>(".legend button");
    const figure = button && figureOf(button);
    if (!button || !figure || button.contains(event.relatedTarget as Node | null)) return;
    raiseLine(figure.element, on ? button.dataset.key : undefined);
  });
}

for (const button of document.querySelectorAll<HTMLElement>("[data-download=run]")) {
  button.addEventListener("click", async () => {
    saveText(`${page.run}.json`, "application/json", await runText());
  });
}

// On a narrow screen the navigation scrolls; the page's own entry is to be seen.
document.querySelector(".bar [aria-current]")?.scrollIntoView({
  block: "nearest",
  inline: "center",
});

watchTheme(redrawFigures);
addEventListener("beforeprint", () => drawAllFigures("light"));
addEventListener("afterprint", redrawFigures);
document.addEventListener("ipc-draw-all", () => drawAllFigures());

show(parseChoices(location.search), true);
