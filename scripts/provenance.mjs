// Writes the provenance of a release, an in-toto statement with SLSA's predicate: which files came from which commit, with which compiler
// and tools, built by whom (CURFEW_BUILDER). The same input gives the same bytes, so it holds no time of building.
// Usage: node provenance.mjs OUT_DIR FILE VERSION COMMIT

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tools } from "./sbom.mjs";

/** Built by hand, on a computer that nothing but the signature vouches for. */
const LOCAL = "urn:curfew:builder:local";

/** SLSA's names of hashes. */
const ALGORITHMS = { "SHA-256": "sha256", "SHA-512": "sha512" };

/** A tool of the bill of materials as one of the things that the build used. */
function dependency({ name, version, description, hashes = [], pedigree, purl }) {
  const digest = Object.fromEntries([
    ...hashes.map(({ alg, content }) => [ALGORITHMS[alg], content]),
    ...(pedigree?.commits ?? []).map(({ uid }) => ["gitCommit", uid]),
  ]);
  return { name, uri: purl ?? `pkg:generic/${name}@${version}`, ...(Object.keys(digest).length > 0 ? { digest } : {}), ...(description ? { annotations: { description } } : {}) };
}

/** The statement about files, `[name, bytes]`. */
export function statement(files, { version, commit, builder = LOCAL, used }) {
  const [id, changes] = commit.split("-");
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: files.map(([name, bytes]) => ({ name, digest: { sha256: createHash("sha256").update(bytes).digest("hex") } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "urn:curfew:build:make-release:1",
        externalParameters: { command: "make release", version },
        internalParameters: {},
        resolvedDependencies: [
          // guard: provenance-names-changes
          { name: "source", digest: { gitCommit: id }, ...(changes ? { annotations: { changes: "built from files that are not in the commit" } } : {}) },
          ...used.map(dependency),
        ],
      },
      runDetails: { builder: { id: builder } },
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, file, version, commit] = process.argv.slice(2);
  if (!commit) throw new Error("usage: node provenance.mjs OUT_DIR FILE VERSION COMMIT");
  const files = readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name))]);
  const used = [...new Map([...tools("bundle"), ...tools("simulator")].map((tool) => [tool.name, tool])).values()];
  const document = statement(files, { version, commit, builder: process.env.CURFEW_BUILDER, used });
  writeFileSync(join(folder, file), `${JSON.stringify(document, null, 1)}\n`);
  console.log(`provenance of ${document.subject.length} files`);
}
