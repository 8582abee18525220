import type { Tally } from "@tongtai/api-client";

export interface Total {
  readonly key: string;
  readonly count: number;
  /** Of the largest of its list, from 0 to 1. */
  readonly share: number;
}

/** Counts added up by one of their properties: the largest first, months in their order. */
export function totalsBy(
  tallies: readonly Tally[],
  keyOf: (tally: Tally) => string,
  inOrder = false,
): readonly Total[] {
  const sums = new Map<string, number>();
  for (const tally of tallies) sums.set(keyOf(tally), (sums.get(keyOf(tally)) ?? 0) + tally.count);
  const most = Math.max(1, ...sums.values());
  return [...sums]
    .map(([key, count]) => ({ key, count, share: count / most }))
    .sort((a, b) => (inOrder ? 0 : b.count - a.count) || a.key.localeCompare(b.key));
}
