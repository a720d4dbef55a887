// The pictures in docs/pictures: lossless WebP, written and read with Debian's cwebp and dwebp, because Playwright knows PNG only.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Page } from "@playwright/test";
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

/** A part of a picture, in pixels. */
interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where the page shows what is another each time it is drawn: times, durations, counts of polls and ids of tasks. */
export function moving(page: Page): Promise<Area[]> {
  return page.evaluate(() => {
    const changes = /\d:\d\d|\d\s?(?:ms|s|min|times)\b|\b(?:ago|now)\b|\d\slooks?\b|^Seen: |[0-9a-f]{8}-[0-9a-f]{4}-/;
    const dialog = document.querySelector("dialog[open]");
    const front = dialog?.getBoundingClientRect();
    const found: Area[] = [];
    for (const element of document.body.querySelectorAll("*")) {
      const said = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      if (!said || !changes.test(element.textContent ?? "")) continue;
      let block = element;
      while (getComputedStyle(block).display.startsWith("inline") && block.parentElement) block = block.parentElement;
      const { left, top, bottom } = element.getBoundingClientRect();
      // Another text may be longer.
      const { right } = (block.parentElement ?? block).getBoundingClientRect();
      const area = { left: Math.floor(left), top: Math.floor(top), right: Math.ceil(right), bottom: Math.ceil(bottom) };
      const parts = !front || dialog?.contains(element)
        ? [area]
        : [
            { ...area, bottom: Math.min(area.bottom, Math.ceil(front.top)) },
            { ...area, top: Math.max(area.top, Math.floor(front.bottom)) },
            { ...area, right: Math.min(area.right, Math.ceil(front.left)) },
            { ...area, left: Math.max(area.left, Math.floor(front.right)) },
          ];
      found.push(...parts.filter((part) => part.left < part.right && part.top < part.bottom));
    }
    return found;
  });
}

/** The pixels of a WebP file, but for these areas. */
function pixels(file: string, except: Area[]): Buffer {
  const data = execFileSync("dwebp", ["-quiet", file, "-pam", "-o", "-"], { maxBuffer: 1 << 28 });
  const start = data.indexOf("ENDHDR\n") + "ENDHDR\n".length;
  const header = data.toString("latin1", 0, start);
  const [width, height] = ["WIDTH", "HEIGHT"].map((name) => Number(new RegExp(`${name} (\\d+)`).exec(header)?.[1])) as [number, number];
  for (const { left, top, right, bottom } of except) {
    for (let y = Math.max(0, top); y < Math.min(height, bottom); y += 1) {
      data.fill(0, start + 4 * (y * width + Math.max(0, left)), start + 4 * (y * width + Math.min(width, right)));
    }
  }
  return data;
}

/** Stores a picture, unless the stored one has the same pixels outside of these areas. */
export function store(name: string, png: string, except: Area[]): void {
  const file = `${STORED}/${name}.webp`;
  const encode = (effort: string, to: string) => execFileSync("cwebp", ["-quiet", "-z", effort, "-exact", png, "-o", to]);
  if (existsSync(file)) {
    // The quickest way to the pixels of a PNG.
    const quick = join(tmpdir(), `${name}-${process.pid}.webp`);
    try {
      encode("0", quick);
      if (pixels(quick, except).equals(pixels(file, except))) return;
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
