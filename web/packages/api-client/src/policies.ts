import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Policy = Schemas["PolicyOut"];
export type PolicyKey = Policy["key"];

export const policiesApi = {
  list: () => answered(client.GET("/api/policies")),
  set: (key: PolicyKey, body: Schemas["PolicyIn"]) =>
    answered(client.PUT("/api/policies/{key}", { params: { path: { key } }, body })),
};
