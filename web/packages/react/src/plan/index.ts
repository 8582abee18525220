export { PlanSlice, ScenePicture } from "./lazy";
export type { NeedleLine } from "./overlay";
export { PlanePicture } from "./PlanePicture";
export { type SkinMapColours, SkinMapPicture } from "./SkinMapPicture";
export type { PlaneVolumes, ShownStructure } from "./usePlanePixels";
