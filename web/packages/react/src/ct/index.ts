export type { CtViewerProps, SlicePosition } from "./CtViewer";
export { CtViewer, ShownSlice, warmUpCt } from "./lazy";
export type { ShownSliceProps } from "./ShownSlice";
