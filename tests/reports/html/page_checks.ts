/// <reference lib="dom" />
/**
 * What every page has to pass, in a browser.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Draws every chart, seen or not. */
export async function drawAll(page: Page): Promise<void> {
  await page.evaluate(`document.dispatchEvent(new Event("ipc-draw-all"))`);
  assertEquals(await page.locator("figure:not([data-drawn])").count(), 0);
}

export async function openDetails(page: Page): Promise<void> {
  await page.evaluate(
    `for (const details of document.querySelectorAll("details")) details.open = true`,
  );
}

/** How many pixels of each canvas are not blank, by the figure's id. */
export function drawnPixels(page: Page): Promise<Record<string, number>> {
  return page.evaluate(
    `Object.fromEntries([...document.querySelectorAll("canvas")].map((canvas) => {
    const { width, height } = canvas;
    const data = width && height
      ? canvas.getContext("2d").getImageData(0, 0, width, height).data : [];
    let drawn = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++;
    return [canvas.closest("figure").id, drawn];
  }))`,
  );
}

/** What axe objects to, one line each; the policy forbids foreign scripts, the debugger does not. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(
    `axe.run(document, { preload: false }).then(({ violations }) => violations.map((violation) => violation.id + ": " +
      violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 300)).join(" | ")))`,
  );
}

/** How far the body can be scrolled sideways, in pixels. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

/** The picture on a figure's canvas. */
export function picture(page: Page, figure: string): Promise<string> {
  return page.locator(`${figure} canvas`).first()
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}
