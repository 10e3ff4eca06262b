/**
 * A run of the last suite that wrote version 1: `bench --facility anonymous-mapping,./examples/my_ring.ts
 * --participants process --workload round-trip --size 64 --placement same-cpu --wait futex --trials 2`.
 *
 * @module
 */
export const VERSION_1 = Deno.readTextFileSync(new URL("version_1.json", import.meta.url));
