export * from "./drawing";
export * from "./session";
