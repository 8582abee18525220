// Types of `plan.json` from its published schema: `node generatePlan.js [--check]`.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const SCHEMA = new URL("../../../docs/reference/plan.schema.json", import.meta.url);
const TYPES = new URL("src/planSchema.ts", import.meta.url);

const text = (await readFile(SCHEMA, "utf8")).replaceAll('"#/$defs/', '"#/components/schemas/');
const { $defs, ...plan } = JSON.parse(text);
const document = {
  openapi: "3.1.0",
  info: { title: "plan.json", version: "1" },
  paths: {},
  components: { schemas: { ...$defs, Plan: plan } },
};
const types = `// Made from docs/reference/plan.schema.json by \`npm run generate:api\`; do not edit.\n${astToString(await openapiTS(document))}`;
if (!process.argv.includes("--check")) await writeFile(TYPES, types);
else if ((await readFile(TYPES, "utf8")) !== types) {
  process.stderr.write("src/planSchema.ts is not that of plan.schema.json: npm run generate:api\n");
  process.exitCode = 1;
}
