export * from "./picture";
export * from "./patient";
export * from "./volume";
