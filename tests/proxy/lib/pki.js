// Temporary certificates, made by openssl in the test's folder. The system's trust store stays unchanged.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });

/** A folder that is removed after the test. */
export function scratch(t) {
  const dir = mkdtempSync(join(tmpdir(), "curfew-proxy-"));
  chmodSync(dir, 0o755); // httpd starts as root and reads the bundle as nobody
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function key(dir, name, rsa = false) {
  const file = join(dir, `${name}.key`);
  const kind = rsa ? ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] : ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
  openssl("genpkey", ...kind, "-out", file);
  return file;
}

/** A certificate authority for the tests. */
export class Authority {
  constructor(dir, name) {
    this.dir = dir;
    this.name = name;
    this.key = key(dir, name);
    this.file = join(dir, `${name}.pem`);
    openssl("req", "-x509", "-new", "-key", this.key, "-out", this.file, "-days", "2", "-subj", `/CN=${name}`);
    this.pem = readFileSync(this.file);
  }

  /** A server certificate. `names` are its alternative names; without them it has only a common name. Its key is EC, or `rsa`. */
  issue(id, { commonName, names = [], expired = false, rsa = false }) {
    const keyFile = key(this.dir, id, rsa);
    const request = join(this.dir, `${id}.csr`);
    const file = join(this.dir, `${id}.crt`);
    openssl("req", "-new", "-key", keyFile, "-out", request, "-subj", `/CN=${commonName}`);
    const extensions = join(this.dir, `${id}.ext`);
    writeFileSync(extensions, names.length > 0 ? `subjectAltName=${names.join(",")}\n` : "basicConstraints=CA:FALSE\n");
    const days = expired ? ["-days", "-1"] : ["-days", "2"];
    openssl("x509", "-req", "-in", request, "-CA", this.file, "-CAkey", this.key, "-CAcreateserial",
      "-out", file, "-extfile", extensions, ...days);
    return { cert: readFileSync(file), key: readFileSync(keyFile), file, keyFile };
  }
}

/** A self-signed certificate, as appliances ship it. */
export function selfSigned(dir, id, { commonName, names = [] }) {
  const keyFile = key(dir, id);
  const file = join(dir, `${id}.crt`);
  const san = names.length > 0 ? ["-addext", `subjectAltName=${names.join(",")}`] : [];
  openssl("req", "-x509", "-new", "-key", keyFile, "-out", file, "-days", "2", "-subj", `/CN=${commonName}`, ...san);
  return { cert: readFileSync(file), key: readFileSync(keyFile), file, keyFile };
}
