// Writes the notes of a release: the section of its version in CHANGELOG.md, the hash of the page, and how to check the files.
// Usage: node notes.mjs VERSION INDEX_HTML FILE

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CHANGELOG = fileURLToPath(new URL("../CHANGELOG.md", import.meta.url));

/** The text below the heading of a version, up to the next version. */
export function sectionOf(changelog, version) {
  const heading = new RegExp(`^## ${version.replaceAll(".", "\\.")}(?: .*)?$`, "m").exec(changelog);
  if (heading === null) throw new Error(`CHANGELOG.md has no section ${version}`);
  const [section] = changelog.slice(heading.index + heading[0].length).split(/^## /m);
  // guard: notes-not-empty
  if (section.trim() === "") throw new Error(`the section ${version} of CHANGELOG.md is empty`);
  return section.trim();
}

/** The notes. */
export function notes(version, changelog, page) {
  const hash = createHash("sha256").update(page).digest("hex");
  return `# Curfew ${version}

${sectionOf(changelog, version)}

## Check this release

SHA-256 of \`index.html\`, which names the hashes of all other files that run:

    ${hash}

\`SHA256SUMS\` has the hashes of all files of this release, and \`SHA256SUMS.sig\` is its signature. With the list of signers from the
repository:

    ssh-keygen -Y verify -f release-signers -I ADDRESS -n curfew-release -s SHA256SUMS.sig <SHA256SUMS
    sha256sum --check --strict --ignore-missing SHA256SUMS
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [version, page, file] = process.argv.slice(2);
  if (!file) throw new Error("usage: node notes.mjs VERSION INDEX_HTML FILE");
  writeFileSync(file, notes(version, readFileSync(CHANGELOG, "utf8"), readFileSync(page)));
}
