// Types of `plan.json` and `seed-plan.json` from their published schemas: `node generatePlan.js [--check]`.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENTS = [
  { schema: "plan.schema.json", types: "planSchema.ts", name: "Plan" },
  { schema: "seed-plan.schema.json", types: "seedPlanSchema.ts", name: "SeedPlan" },
];

async function typesOf({ schema, name }) {
  const place = new URL(`../../../docs/reference/${schema}`, import.meta.url);
  const text = (await readFile(place, "utf8")).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $defs, ...plan } = JSON.parse(text);
  const document = {
    openapi: "3.1.0",
    info: { title: schema, version: "1" },
    paths: {},
    components: { schemas: { ...$defs, [name]: plan } },
  };
  return `// Made from docs/reference/${schema} by \`npm run generate:api\`; do not edit.\n${astToString(await openapiTS(document))}`;
}

for (const one of DOCUMENTS) {
  const file = new URL(`src/${one.types}`, import.meta.url);
  const types = await typesOf(one);
  if (!process.argv.includes("--check")) await writeFile(file, types);
  else if ((await readFile(file, "utf8")) !== types) {
    process.stderr.write(`src/${one.types} is not that of ${one.schema}: npm run generate:api\n`);
    process.exitCode = 1;
  }
}
