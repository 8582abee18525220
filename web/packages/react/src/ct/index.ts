export type { CtViewerProps, SlicePosition } from "./CtViewer";
export { CtViewer, ShownSlice } from "./lazy";
export type { ShownSliceProps } from "./ShownSlice";
