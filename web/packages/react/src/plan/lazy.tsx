import { lazy, Suspense } from "react";

import type { PlanSliceProps } from "./PlanSlice";
import type { ScenePictureProps } from "./ScenePicture";

const LazyScene = lazy(async () => ({ default: (await import("./ScenePicture")).ScenePicture }));
const LazySlice = lazy(async () => ({ default: (await import("./PlanSlice")).PlanSlice }));

/** Three dimensions weigh as much as the rest of the page: the planes do not wait for them. */
export function ScenePicture(props: ScenePictureProps) {
  return (
    <Suspense fallback={null}>
      <LazyScene {...props} />
    </Suspense>
  );
}

export function PlanSlice(props: PlanSliceProps) {
  return (
    <Suspense fallback={null}>
      <LazySlice {...props} />
    </Suspense>
  );
}
