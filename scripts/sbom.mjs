// Writes the bill of materials of a part of a release (CycloneDX 1.6): the crates in the bundle or in the simulator, and the commit,
// compiler and tools that it was made with. The same input gives the same bytes.
// Usage: node sbom.mjs FILE VERSION EPOCH_SECONDS COMMIT [bundle|simulator]

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root, shipped } from "./licences.mjs";

/** The tools that cargo installs, and the prefix of their version and checksum in lib.sh. */
const CARGO_TOOLS = { trunk: "TRUNK", "wasm-bindgen-cli": "BINDGEN", wasm_split_cli_support: "SPLIT" };

const read = (file) => readFileSync(join(root, file), "utf8");
const sha256 = (content) => ({ alg: "SHA-256", content });

/** What `rustc -vV` says: the release, and the commit unless a distribution has built it from an archive. */
function compiler() {
  const said = execFileSync("rustc", ["-vV"], { cwd: root, encoding: "utf8" });
  const field = (name) => new RegExp(`^${name}: (.*)$`, "m").exec(said)?.[1];
  const commit = field("commit-hash");
  const pedigree = /^[0-9a-f]{40}$/.test(commit) ? { pedigree: { commits: [{ uid: commit }] } } : {};
  return { version: field("release"), description: said.split("\n")[0], ...pedigree };
}

/** A program of the build machine, by what it says about its version. */
function programOf(name) {
  const [description] = execFileSync(name, ["--version"], { encoding: "utf8" }).split("\n");
  return { name, version: / (\d[\w.]*)(?:-\w+)?$/.exec(description)?.[1] ?? description, description };
}

/** The tools that wrote a part. The simulator contains C code. */
export function tools(part = "bundle") {
  const used = part === "bundle" ? bundleTools() : [{ name: "rustc", ...compiler() }, programOf("cc"), programOf("strip")];
  return used.map((tool) => ({ type: "application", "bom-ref": `tool:${tool.name}@${tool.version}`, ...tool }));
}

function bundleTools() {
  const pins = Object.fromEntries([...read("scripts/lib.sh").matchAll(/^(\w+_(?:VERSION|SHA256))=(.*)$/gm)].map(([, name, value]) => [name, value]));
  const built = Object.entries(CARGO_TOOLS).map(([name, prefix]) => {
    const version = pins[`${prefix}_VERSION`];
    return { name, version, hashes: [sha256(pins[`${prefix}_SHA256`])], purl: `pkg:cargo/${name}@${version}` };
  });
  const { packages, packages: { "": own } } = JSON.parse(read("scripts/tools/package-lock.json"));
  // esbuild's program is in a package for each platform.
  const names = [...Object.keys(own.dependencies), `@esbuild/${process.platform}-${process.arch}`];
  const fromNpm = names.map((name) => {
    const { version, integrity } = packages[`node_modules/${name}`];
    const content = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
    return { name, version, hashes: [{ alg: "SHA-512", content }], purl: `pkg:npm/${name.replace("@", "%40")}@${version}` };
  });
  const programs = [
    { name: "rustc", ...compiler() },
    { name: "node", version: process.versions.node, description: `compresses the files: zlib ${process.versions.zlib}, brotli ${process.versions.brotli}` },
  ];
  return [...programs, ...built, ...fromNpm];
}

/** An id that depends on the content alone (UUID version 8). */
function serial(content) {
  const hex = createHash("sha256").update(content).digest("hex");
  const variant = "89ab"[Number.parseInt(hex[16], 16) % 4];
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function bill(version, epoch, commit, part) {
  const { app, packages, needs } = shipped(part);
  const sums = new Map([...read("Cargo.lock").matchAll(/name = "(.+?)"\nversion = "(.+?)"\nsource = ".+?"\nchecksum = "(.+?)"/g)].map(([, n, v, c]) => [`${n} ${v}`, c]));
  // Our own crates are not in any registry: `pkg:cargo/text` is somebody else's.
  // guard: own-crates-without-purl
  const reference = (p) => (p.source ? `pkg:cargo/${p.name}@${p.version}` : `curfew:${p.name}@${p.version}`);
  const component = (p) => ({
    type: p === app ? "application" : "library",
    "bom-ref": reference(p),
    ...(p.source ? {} : { group: "curfew" }),
    name: p.name,
    version: p.version,
    ...(p.description ? { description: p.description.replace(/\s+/g, " ").trim() } : {}),
    ...(p.source ? { hashes: [sha256(sums.get(`${p.name} ${p.version}`))] } : {}),
    licenses: [{ expression: p.license.replaceAll("/", " OR ") }],
    ...(p.source ? { purl: reference(p) } : {}),
  });
  const { description: _, ...rust } = compiler();
  const std = { type: "library", "bom-ref": `rust-std@${rust.version}`, name: "rust-std", ...rust, description: "Rust's standard library", licenses: [{ expression: "MIT OR Apache-2.0" }] };
  const [id, changes] = commit.split("-");
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(Number(epoch) * 1000).toISOString(),
      lifecycles: [{ phase: "build" }],
      tools: { components: [{ type: "application", group: "curfew", name: "scripts/sbom.mjs", version }] },
      component: {
        ...component(app),
        version,
        pedigree: { commits: [{ uid: id }] },
        ...(changes ? { properties: [{ name: "curfew:changes", value: "built from files that are not in the commit" }] } : {}),
      },
    },
    components: [...packages.filter((p) => p !== app).map(component), std],
    dependencies: [
      ...packages.map((p) => ({ ref: reference(p), dependsOn: [...needs(p).map(reference), ...(p === app ? [std["bom-ref"]] : [])] })),
      { ref: std["bom-ref"], dependsOn: [] },
    ],
    formulation: [{ "bom-ref": "build", components: tools(part) }],
  };
  // guard: serial-of-content
  return { ...document, serialNumber: serial(JSON.stringify(document)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, version, epoch, commit, part] = process.argv.slice(2);
  if (!commit) throw new Error("usage: node sbom.mjs FILE VERSION EPOCH_SECONDS COMMIT [bundle|simulator]");
  const document = bill(version, epoch, commit, part);
  writeFileSync(file, `${JSON.stringify(document, null, 1)}\n`);
  console.log(`${document.components.length} components, ${document.formulation[0].components.length} tools`);
}
