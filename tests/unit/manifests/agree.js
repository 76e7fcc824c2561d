// SPDX-License-Identifier: Apache-2.0
// Does plugin.schema.json, as ajv understands it, say the same of every manifest as the host's reader? Asked for the
// corpus beside this file, and for mutants of it: each good manifest with members taken out, renamed, put elsewhere, or
// changed to values of other types. usage: agree.js SCHEMA VERDICTS-PROGRAM
"use strict";
const fs = require("fs");
const path = require("path");
const { execFileSync } = require("child_process");
const Ajv = require("ajv/dist/2020");

const [schemaFile, program] = process.argv.slice(2);
const validate = new Ajv({ strict: false }).compile(JSON.parse(fs.readFileSync(schemaFile, "utf8")));
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function schemaAccepts(bytes) {
  let document;
  try {
    document = JSON.parse(decoder.decode(bytes));
  } catch {
    return false;
  }
  return validate(document);
}

// A generator of its own, so that every run asks the same.
let seed = 20240607;
function random(n) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((seed / 0x80000000) * n);
}

const values = [null, true, false, 0, 1, -1, 1.5, 3e20, "", "a", "A b", "7d", "12K", "x.so", "help/x.md", "a/1", "1.0", "1.0.0",
  "choice", "boolean", "integer", "duration", "size", "ü", "a\u0000", "a\nb", "x".repeat(101), [], ["a"], ["a", "a"], [1], {}, { name: "a" }];

// Every place in a document: [container, key].
function places(node, found = []) {
  if (node && typeof node === "object")
    for (const key of Object.keys(node)) {
      found.push([node, key]);
      places(node[key], found);
    }
  return found;
}

function mutant(document) {
  const copy = structuredClone(document);
  for (let i = random(2); i >= 0; i--) {
    const all = places(copy);
    const [node, key] = all[random(all.length)];
    const [other, otherKey] = all[random(all.length)];
    switch (random(5)) {
    case 0: if (Array.isArray(node)) node.splice(key, 1); else delete node[key]; break;
    case 1: node[key] = structuredClone(values[random(values.length)]); break;
    case 2: if (!Array.isArray(node)) node[otherKey] = structuredClone(other[otherKey]); break;
    case 3: node[key] = structuredClone(other[otherKey]); break;
    case 4: if (typeof node[key] === "string") node[key] = node[key].slice(0, random(node[key].length + 1)) + "/A-._1 \u00e9".charAt(random(8)); break;
    }
  }
  return copy;
}

const corpus = [];
const good = [];
for (const name of fs.readdirSync(__dirname).filter((n) => n.endsWith(".json")).sort()) {
  const bytes = fs.readFileSync(path.join(__dirname, name));
  corpus.push([name, bytes]);
  if (schemaAccepts(bytes) !== name.startsWith("good-")) {
    console.error(`${name}: the schema says ${schemaAccepts(bytes)}`);
    process.exitCode = 1;
  }
  if (name.startsWith("good-")) good.push(JSON.parse(bytes));
}
for (let i = 0; i < 20000; i++) corpus.push([`mutant ${i}`, Buffer.from(JSON.stringify(mutant(good[i % good.length])))]);

// To the program: each text behind its length in decimal and a newline. From it: a line "+" or "- REASON" for each.
const input = Buffer.concat(corpus.flatMap(([, bytes]) => [Buffer.from(`${bytes.length}\n`), bytes]));
const answers = execFileSync(program, { input, maxBuffer: 1 << 28 }).toString().split("\n");
let accepted = 0;
corpus.forEach(([name, bytes], i) => {
  const schema = schemaAccepts(bytes);
  accepted += schema;
  if (schema === answers[i].startsWith("+")) return;
  console.error(`${name}: schema ${schema}, reader ${answers[i]}\n  ${bytes}`);
  process.exitCode = 1;
});
console.log(`${corpus.length} manifests, ${accepted} accepted by both`);
