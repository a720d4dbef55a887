// Writes a folder in the layout of an OCI image with one layer. The folder also has the index of older container tools, so that
// `docker load` and `podman load` read an archive of it. Usage: node oci.mjs FOLDER LAYER.tar NAME:TAG CREATED ARCHITECTURE CONFIG.json
// CREATED is a time as RFC 3339, and CONFIG.json what the image says about its process (the specification's `config`).

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const OCI = "application/vnd.oci.image";

const digestOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The files of an image, by path: `layer` is a tar archive, `config` the process. */
export function image(layer, { name, created, config, architecture }) {
  const files = new Map();
  const blob = (bytes, mediaType) => {
    const digest = digestOf(bytes);
    files.set(`blobs/sha256/${digest}`, bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const json = (value) => Buffer.from(JSON.stringify(value));
  const packed = blob(gzipSync(layer, { level: 9 }), `${OCI}.layer.v1.tar+gzip`);
  const about = blob(json({
    created,
    architecture,
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: [`sha256:${digestOf(layer)}`] },
    history: [{ created, created_by: "scripts/image.sh" }],
  }), `${OCI}.config.v1+json`);
  const manifest = blob(json({ schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config: about, layers: [packed] }), `${OCI}.manifest.v1+json`);
  const tag = name.split(":")[1];
  const named = { ...manifest, annotations: { "org.opencontainers.image.ref.name": tag, "io.containerd.image.name": `docker.io/library/${name}` } };
  files.set("index.json", json({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: [named] }));
  files.set("oci-layout", json({ imageLayoutVersion: "1.0.0" }));
  const path = ({ digest }) => `blobs/${digest.replace(":", "/")}`;
  files.set("manifest.json", json([{ Config: path(about), RepoTags: [name], Layers: [path(packed)] }]));
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder, layer, name, created, architecture, config] = process.argv;
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  const about = { name, created, config: JSON.parse(readFileSync(config, "utf8")), architecture };
  for (const [path, bytes] of image(readFileSync(layer), about)) writeFileSync(join(folder, path), bytes);
}
