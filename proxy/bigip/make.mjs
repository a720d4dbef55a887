// Writes what a BIG-IP needs to host Curfew: the rule with its settings, the bundle's files under the names of their iFiles, and two ways
// to install them, a script for tmsh and a declaration for AS3. Choose one. NOT RUN ON A BIG-IP YET: see README.md.
// Usage: node make.mjs BUNDLE OUT, with the settings below in the environment. Needs Node.js 20 on your computer, not on the BIG-IP.

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The settings, each with the form that it must have. */
const SETTINGS = {
  CURFEW_NAME: { key: "host", form: /^[a-z0-9.-]+$/, example: "curfew.example.test" },
  CURFEW_ADDRESS: { key: "address", form: /^[0-9a-fA-F.:]+$/, example: "192.0.2.20" },
  CURFEW_BIGIQ: { key: "bigiq", form: /^[0-9.]+:\d+$/, example: "192.0.2.10:443" },
  CURFEW_BIGIQ_NAME: { key: "bigiqName", form: /^[A-Za-z0-9.-]+$/, example: "bigiq.example.test" },
  CURFEW_FRAME_ANCESTORS: { key: "ancestors", form: /^('none'|https:\/\/[A-Za-z0-9.:-]+( https:\/\/[A-Za-z0-9.:-]+)*)$/, example: "'none'", optional: true },
  CURFEW_LOG_PUBLISHER: { key: "publisher", form: /^(\/[A-Za-z0-9_.\/-]+)?$/, example: "", optional: true },
};

/** The objects that the administrator imports first, because they hold keys or decide whom to trust. */
const CERTIFICATE = { crt: "/Common/curfew.crt", key: "/Common/curfew.key", ca: "/Common/curfew_bigiq_ca.crt" };

const TYPES = {
  ".html": "text/html;charset=utf-8",
  ".css": "text/css;charset=utf-8",
  ".js": "text/javascript;charset=utf-8",
  ".txt": "text/plain;charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

const RULE = readFileSync(join(import.meta.dirname, "curfew.irule"), "utf8");

/** The settings from the environment. A missing or invalid one is an error that names it. */
export function settingsOf(environment) {
  return Object.fromEntries(Object.entries(SETTINGS).flatMap(([name, { key, form, example, optional }]) => {
    const value = environment[name] ?? (optional ? example : "");
    if (!form.test(value)) throw new Error(`${name} must look like ${example}, but is "${value}"`);
    return [[key, value]];
  }));
}

/** The rule with its SET lines and the policy's frame-ancestors filled in. */
export function ruleWith({ host, bigiqName, ancestors = "'none'", publisher = "" }) {
  const changes = [
    ['"curfew.example.test" ', `"${host}" `],
    ['"bigiq.example.test" ', `"${bigiqName}" `],
    ["frame-ancestors 'none'", `frame-ancestors ${ancestors}`],
    ['publisher "" ', `publisher "${publisher}" `],
  ];
  return changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`curfew.irule has no single ${from}`);
    return text.replace(from, () => to);
  }, RULE);
}

/** All files below a folder, as paths from it. */
const below = (folder, path = "") => readdirSync(join(folder, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  .flatMap((entry) => (entry.isDirectory() ? below(folder, `${path}${entry.name}/`) : [path + entry.name]));

/**
 * The objects of a bundle: `files`, the iFiles by name with the file of each, and `records`, the data group. An iFile's name contains a
 * hash of its content, so an installed one never changes, and pages that are open keep working after an upgrade.
 */
export function objects(bundle) {
  const files = new Map();
  const records = new Map();
  const add = (path) => {
    const hash = createHash("sha256").update(readFileSync(join(bundle, path))).digest("hex").slice(0, 16);
    const name = `curfew_${hash}_${path.replace(/[^A-Za-z0-9.]/g, "_")}`;
    files.set(name, join(bundle, path));
    return name;
  };
  const all = below(bundle);
  for (const path of all) {
    const type = TYPES[extname(path)];
    if (type === undefined || /(^|\/)\./.test(path)) continue;
    const caching = /[-_.][0-9a-f]{15,16}(_bg)?\.\w+$/.test(path) ? "public,max-age=31536000,immutable" : "no-cache";
    const compressed = ["gz", "br"].map((coding) => (all.includes(`${path}.${coding}`) ? add(`${path}.${coding}`) : "{}"));
    records.set(`/${path}`, [type, caching, add(path), ...compressed].join(" "));
  }
  if (!records.has("/index.html")) throw new Error(`${bundle} has no index.html: name the bundle's folder`);
  records.set("/", records.get("/index.html"));
  return { files, records };
}

const indented = (text) => text.trimEnd().split("\n").map((line) => `    ${line}`).join("\n");

/** An object in the form of BIG-IP's configuration files. */
const object = (name, content) => `${name} {\n${indented(content)}\n}\n`;

/**
 * All objects but the iFiles, as a piece of configuration that tmsh can check and merge. The profiles check BIG-IQ's certificate, know no
 * HTTP/2, and share no connection to BIG-IQ (no OneConnect); the pool sends nothing a second time.
 */
export function configuration(settings, { records }) {
  const { address, bigiq, bigiqName } = settings;
  const [bigiqAddress] = bigiq.split(":");
  return [
    object("ltm data-group internal curfew_files", `${object("records", [...records].map(([path, value]) => object(path, `data "${value}"`)).join(""))}type string`),
    object("ltm profile client-ssl curfew_browsers", `cert-key-chain {\n    curfew {\n        cert ${CERTIFICATE.crt}\n        key ${CERTIFICATE.key}\n    }\n}\nciphers ECDHE+AES-GCM\ndefaults-from clientssl\noptions { dont-insert-empty-fragments no-sslv3 no-tlsv1 no-tlsv1.1 }`),
    object("ltm profile server-ssl curfew_bigiq", `authenticate-name ${bigiqName}\nca-file ${CERTIFICATE.ca}\ndefaults-from serverssl\nexpire-cert-response-control drop\npeer-cert-mode require\nserver-name ${bigiqName}\nuntrusted-cert-response-control drop`),
    object("ltm profile http curfew", "defaults-from http\ninsert-xforwarded-for disabled\nserver-agent-name none"),
    object(`ltm node ${bigiqAddress}`, `address ${bigiqAddress}`),
    object("ltm pool curfew_bigiq", `members {\n    ${bigiq} {\n        address ${bigiqAddress}\n    }\n}\nreselect-tries 0`),
    `ltm rule curfew {\n${ruleWith(settings)}}\n`,
    object("ltm virtual curfew", `destination ${address}:443\nip-protocol tcp\nprofiles {\n    curfew { }\n    curfew_bigiq {\n        context serverside\n    }\n    curfew_browsers {\n        context clientside\n    }\n    tcp { }\n}\nrules {\n    curfew\n}\nsource-address-translation {\n    type automap\n}`),
  ].join("");
}

/** A script for the BIG-IP's shell, next to the folder `files` and the configuration. */
export const tmshScript = ({ files }) => `#!/bin/bash
# Installs Curfew on this BIG-IP with tmsh. Made by make.mjs. NOT RUN ON A BIG-IP YET: read it first, and try it on a test system.
# Import ${CERTIFICATE.crt}, ${CERTIFICATE.key} and ${CERTIFICATE.ca} before. Without "install", it only checks curfew.conf.
set -euo pipefail
cd "$(dirname "$0")"
tmsh load sys config merge file "$PWD/curfew.conf" verify
[ "\${1:-}" = install ] || exit 0
for name in ${[...files.keys()].join(" ")}; do
  tmsh list ltm ifile "$name" >/dev/null 2>&1 && continue
  tmsh create sys file ifile "$name" source-path "file:$PWD/files/$name"
  tmsh create ltm ifile "$name" file-name "$name"
done
# The files are there: from now on, browsers get the new ones.
tmsh load sys config merge file "$PWD/curfew.conf"
tmsh save sys config
`;

/** A declaration for AS3. Everything is in it, so nothing has to be copied to the BIG-IP. */
export function as3Declaration(settings, { files, records }) {
  const [bigiqAddress, bigiqPort] = settings.bigiq.split(":");
  const names = new Map([...files.keys()].map((name) => [name, name.replace(/\W/g, "_").slice(0, 64)]));
  const renamed = (value) => value.split(" ").map((word) => (names.has(word) ? `/Curfew/Console/${names.get(word)}` : word)).join(" ");
  const base64 = (bytes) => ({ base64: Buffer.from(bytes).toString("base64") });
  const rule = ruleWith(settings).replace(" equals curfew_files]", " equals /Curfew/Console/curfew_files]").replace("pool curfew_bigiq\n", "pool /Curfew/Console/curfew_bigiq\n");
  return {
    class: "AS3",
    action: "deploy",
    persist: true,
    declaration: {
      class: "ADC",
      schemaVersion: "3.40.0",
      id: "curfew",
      label: "Curfew (not run on a BIG-IP yet)",
      Curfew: {
        class: "Tenant",
        Console: {
          class: "Application",
          template: "generic",
          curfew: {
            class: "Service_HTTPS",
            virtualAddresses: [settings.address],
            virtualPort: 443,
            redirect80: false,
            profileHTTP: { use: "curfew_http" },
            serverTLS: { use: "curfew_browsers" },
            clientTLS: { use: "curfew_bigiq_tls" },
            iRules: [{ use: "curfew_rule" }],
            persistenceMethods: [],
          },
          curfew_http: { class: "HTTP_Profile", xForwardedFor: false, serverHeaderValue: "" },
          curfew_certificate: { class: "Certificate", certificate: { bigip: CERTIFICATE.crt }, privateKey: { bigip: CERTIFICATE.key } },
          curfew_browsers: { class: "TLS_Server", certificates: [{ certificate: "curfew_certificate" }], ciphers: "ECDHE+AES-GCM", tls1_0Enabled: false, tls1_1Enabled: false },
          curfew_bigiq_tls: { class: "TLS_Client", trustCA: { bigip: CERTIFICATE.ca }, validateCertificate: true, serverName: settings.bigiqName, sendSNI: settings.bigiqName, ignoreExpired: false, ignoreUntrusted: false },
          curfew_bigiq: { class: "Pool", members: [{ servicePort: Number(bigiqPort), serverAddresses: [bigiqAddress] }], reselectTries: 0 },
          curfew_rule: { class: "iRule", iRule: base64(rule) },
          curfew_files: { class: "Data_Group", keyDataType: "string", records: [...records].map(([key, value]) => ({ key, value: renamed(value) })) },
          ...Object.fromEntries([...files].map(([name, path]) => [names.get(name), { class: "iFile", iFile: base64(readFileSync(path)) }])),
        },
      },
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [bundle, out] = process.argv.slice(2);
  if (out === undefined || !statSync(bundle).isDirectory()) throw new Error("usage: node make.mjs BUNDLE OUT");
  const settings = settingsOf(process.env);
  const made = objects(bundle);
  mkdirSync(join(out, "files"), { recursive: true });
  for (const [name, path] of made.files) copyFileSync(path, join(out, "files", name));
  writeFileSync(join(out, "curfew.conf"), configuration(settings, made));
  writeFileSync(join(out, "install.sh"), tmshScript(made), { mode: 0o755 });
  writeFileSync(join(out, "as3.json"), `${JSON.stringify(as3Declaration(settings, made), null, 1)}\n`);
  console.log(`${made.files.size} iFiles, ${made.records.size} paths`);
}
