/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Runs before the page is shown: says that scripts work, and which colours its reader chose.
 *
 * @module
 */
const root = document.documentElement;
root.classList.add("js");
try {
  const chosen = localStorage.getItem("ipc-taxonomy-theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
} catch {
  // A page from a file may have no storage; the system's colours are used.
}
