/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Light, dark, or what the system says.
 *
 * @module
 */
import type { Theme } from "../model/appearance.ts";

const KEY = "ipc-taxonomy-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

/** The theme in force; paper is always light. */
export function themeNow(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

/** Wires the page's buttons; calls `changed` after each change, also one of the system's. */
export function watchTheme(changed: () => void): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>("[data-theme-choice]");
  const show = () => {
    const chosen = document.documentElement.dataset.theme ?? "system";
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const choice = button.dataset.themeChoice;
      if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
      else delete document.documentElement.dataset.theme;
      try {
        if (choice === "system") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, choice!);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
      show();
      changed();
    });
  }
  system.addEventListener("change", changed);
  show();
}
