/**
 * Asks the facilities for what they declare; the limits are this machine's unless a run names its own.
 *
 * @module
 */
import type { Capability, Facility, Limit, Variant } from "../../facilities/facility.ts";
import { BESIDE, LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import type { Declaration, DeclaredVariant } from "./declaration.ts";

const CAPABILITIES: readonly Capability[] = ["channel", "notifier", "lock", "region"];

/** Limits by name, as a run has them of its host. */
export type HostLimits = Readonly<Record<string, Limit>>;

/** All facilities of the taxonomy in its order, then what is measured beside it. */
export async function declarations(host: HostLimits = {}): Promise<Declaration[]> {
  const leaves = [
    ...LEAVES.map(({ id }) => ({ id })),
    ...BESIDE.map(({ id }) => ({ id, beside: true as const })),
  ];
  return await Promise.all(
    leaves.map(async ({ id, ...beside }) => ({
      ...declarationOf(await loadFacility(id), host),
      ...beside,
    })),
  );
}

/** What one facility declares. */
export function declarationOf(facility: Facility, host: HostLimits = {}): Declaration {
  const { id, title, semantics, channel, variants = [], usualParticipants = "process" } = facility;
  const there = ({ name, value, source, unit }: Limit): Limit => {
    const { value: own = value, source: from = source } = host[name] ?? {};
    return { name, value: own, source: from, ...(unit && { unit }) };
  };
  const largest = (variant?: string): { largestMessage?: Limit } => {
    const found = channel?.largestMessage?.(variant);
    return found ? { largestMessage: there(found) } : {};
  };
  const declared = (variant: Variant): DeclaredVariant => ({
    id: variant.id,
    title: variant.title ?? variant.id,
    spins: variant.spins ?? false,
    semantics: { ...semantics, ...variant.semantics },
    ...largest(variant.id),
  });
  return {
    id,
    title,
    semantics,
    offers: CAPABILITIES.filter((each) => facility[each]),
    variants: variants.map(declared),
    usualParticipants,
    manyPeers: channel?.manyPeers ?? false,
    lossy: channel?.lossy ?? false,
    ...largest(variants[0]?.id),
    limits: facility.limits().map(there),
  };
}
