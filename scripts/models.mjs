// SPDX-License-Identifier: Apache-2.0
// Makes data/models.json anew: `node scripts/models.mjs [VERSION]`. Prices and limits come from the model data of the
// MIT-licensed npm package @earendil-works/pi-ai (the newest version if none is named), which is downloaded to a
// temporary folder. What the package does not know stays as it is in the file: default_models, responses_only, and the
// models listed in OWN.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@earendil-works/pi-ai";
const FILE = join(dirname(fileURLToPath(import.meta.url)), "..", "data", "models.json");

// Our providers whose name in the package is another one.
const NAMES = { gemini: "google", moonshot: "moonshotai" };

// Models of other sources, by provider; the "about" text of the file names the source.
const OWN = { openai: ["gpt-6.2-astra", "gpt-6.2-sol"] };

function download(version) {
  const folder = mkdtempSync(join(tmpdir(), "models-"));
  const options = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
  const archive = execFileSync("npm", ["pack", "--silent", `${PACKAGE}@${version}`], options).trim();
  execFileSync("tar", ["-xzf", archive], options);
  return folder;
}

function facts(model) {
  return {
    context: model.contextWindow,
    max_output: model.maxTokens,
    images: model.input.includes("image"),
    reasoning: model.reasoning,
    price: { input: model.cost.input, output: model.cost.output, cached_input: model.cost.cacheRead },
  };
}

// The chat models of a provider, sorted by name, with those of OWN.
function models(folder, provider, old) {
  const path = join(folder, "package/dist/providers/data", `${NAMES[provider] ?? provider}.json`);
  const found = {};
  for (const group of Object.values(JSON.parse(readFileSync(path, "utf8")))) {
    for (const model of Object.values(group)) {
      if (model.type === "chat") found[model.id] = facts(model);
    }
  }
  for (const name of OWN[provider] ?? []) found[name] ??= old[name];
  return Object.fromEntries(Object.keys(found).sort().map((name) => [name, found[name]]));
}

// JSON with one line for each model, so that a change of one is a change of one line.
function write(data) {
  const spaced = (value) => JSON.stringify(value, null, 1).replace(/\n */g, " ").replace(/([{[]) | ([}\]])/g, "$1$2");
  const table = ([name, entries]) =>
    `  ${JSON.stringify(name)}: {\n` +
    Object.entries(entries)
      .map(([model, value]) => `   ${JSON.stringify(model)}: ${spaced(value)}`)
      .join(",\n") +
    "\n  }";
  const { providers, ...head } = data;
  const rest = JSON.stringify(head, null, 1).slice(0, -2);
  return `${rest},\n "providers": {\n${Object.entries(providers).map(table).join(",\n")}\n }\n}\n`;
}

const folder = download(process.argv[2] ?? "latest");
try {
  const data = JSON.parse(readFileSync(FILE, "utf8"));
  const { version } = JSON.parse(readFileSync(join(folder, "package/package.json"), "utf8"));
  const today = new Date().toISOString().slice(0, 10);
  data.about = data.about.replace(/gathered \S+ from (.*?) \d+\.\d+\.\d+\./, `gathered ${today} from $1 ${version}.`);
  data.date = today;
  for (const provider of Object.keys(data.providers)) {
    data.providers[provider] = models(folder, provider, data.providers[provider]);
  }
  writeFileSync(FILE, write(data));
  console.log(`wrote data/models.json from ${PACKAGE} ${version}`);
} finally {
  rmSync(folder, { recursive: true });
}
