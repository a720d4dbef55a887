// The pictures in docs/pictures: lossless WebP, written and read with Debian's cwebp and dwebp, because Playwright knows PNG only.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ROOT } from "./paths";

const STORED = join(ROOT, "docs/pictures");

/** Where `make pictures` draws every page and state. */
export const DRAWN = join(ROOT, "target/pictures");

/** The names of the pictures that are stored. */
export function stored(): string[] {
  return readdirSync(STORED).filter((file) => file.endsWith(".webp")).map((file) => basename(file, ".webp")).sort();
}

/** The names of the pictures that the README and the docs show: these are stored, and no others. */
export function shown(): string[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`);
  const names = ["README.md", ...docs].flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const pictures = [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => join(ROOT, dirname(file), path ?? ""));
    return pictures.filter((picture) => dirname(picture) === STORED).map((picture) => {
      if (!picture.endsWith(".webp")) throw new Error(`${file} shows ${basename(picture)}: stored pictures are WebP`);
      return basename(picture, ".webp");
    });
  });
  return [...new Set(names)].sort();
}

/** Writes a stored picture as PNG. */
export function decode(name: string, png: string): void {
  mkdirSync(dirname(png), { recursive: true });
  execFileSync("dwebp", ["-quiet", `${STORED}/${name}.webp`, "-o", png]);
}

/** Stores a picture, unless the stored one has the same pixels. */
export function store(name: string, png: string): void {
  const file = `${STORED}/${name}.webp`;
  const encode = (effort: string, to: string) => execFileSync("cwebp", ["-quiet", "-z", effort, "-exact", png, "-o", to]);
  const pixels = (webp: string) => execFileSync("dwebp", ["-quiet", webp, "-pam", "-o", "-"], { maxBuffer: 1 << 28 });
  if (existsSync(file)) {
    // The quickest way to the pixels of a PNG.
    const quick = join(tmpdir(), `${name}-${process.pid}.webp`);
    try {
      encode("0", quick);
      if (pixels(quick).equals(pixels(file))) return;
    } finally {
      rmSync(quick, { force: true });
    }
  }
  encode("9", file);
}

/** Removes the stored pictures that nothing shows any more. */
export function removeUnshown(): void {
  const wanted = new Set(shown());
  for (const name of stored()) if (!wanted.has(name)) rmSync(`${STORED}/${name}.webp`);
}
