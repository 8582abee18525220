export * from "./picture";
export * from "./patient";
