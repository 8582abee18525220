export * from "./cornerstone";
export * from "./errors";
export * from "./paint";
export * from "./scale";
export * from "./series";
export * from "./warmUp";
export * from "./windows";
