import { lazy, Suspense } from "react";

import type { CtViewerProps } from "./CtViewer";
import type { ShownSliceProps } from "./ShownSlice";

const LazyViewer = lazy(async () => ({ default: (await import("./CtViewer")).CtViewer }));
const LazySlice = lazy(async () => ({ default: (await import("./ShownSlice")).ShownSlice }));

/** Fetches the viewer and starts it while a CT is awaited; what fails is said when a slice is to be shown. */
export async function warmUpCt(): Promise<void> {
  const [{ warmUp }] = await Promise.all([import("@tongtai/viewer-core"), import("./CtViewer")]);
  await warmUp().catch(() => undefined);
}

/** The viewer weighs a megabyte: it is fetched when the first CT is looked at, and the wall does not wait for it. */
export function CtViewer(props: CtViewerProps) {
  return (
    <Suspense fallback={null}>
      <LazyViewer {...props} />
    </Suspense>
  );
}

export function ShownSlice(props: ShownSliceProps) {
  return (
    <Suspense fallback={null}>
      <LazySlice {...props} />
    </Suspense>
  );
}
