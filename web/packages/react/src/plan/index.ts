export { PlanSlice, ScenePicture } from "./lazy";
export type { NeedleLine } from "./overlay";
export type { HoleMark } from "./PlaneOverlay";
export { PlanePicture } from "./PlanePicture";
export { type SkinMapColours, SkinMapPicture } from "./SkinMapPicture";
export type { ShownDose } from "./useIsodoses";
export type { PlaneVolumes, ShownStructure } from "./usePlanePixels";
