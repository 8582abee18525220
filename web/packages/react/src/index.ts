export * from "./ct";
export * from "./drawing";
export * from "./session";
export * from "./talk";
export * from "./wall";
export * from "./devices";
