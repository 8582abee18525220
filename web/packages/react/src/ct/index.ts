export { CtViewer, type CtViewerProps, type SlicePosition } from "./CtViewer";
export { ShownSlice, type ShownSliceProps } from "./ShownSlice";
export { dicomwebRoot, useSeries } from "./useSeries";
