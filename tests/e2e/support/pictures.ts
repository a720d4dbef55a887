// The pictures in docs/pictures: lossless WebP, written and read with Debian's cwebp and dwebp, because Playwright only
// knows PNG.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { ROOT } from "./paths";
import { either, exactly, start, textPattern } from "./text";

const STORED = join(ROOT, "docs/pictures");

/** Where `make pictures` draws every page and state. */
export const DRAWN = join(ROOT, "target/pictures");

/** The names of the pictures that are stored. */
export function stored(): string[] {
  return readdirSync(STORED).filter((file) => file.endsWith(".webp")).map((file) => basename(file, ".webp")).sort();
}

/** The names of the pictures that the README and the docs show: only these are stored. */
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

/** Where the page shows what differs from one drawing to the next: times, durations, counts of polls, ids of tasks, and the
 * order of tasks that began together. */
export function moving(page: Page): Promise<Area[]> {
  const changing = either(/\d:\d\d|\d\s?(?:ms|s|min|times?)\b|\b(?:ago|now)\b|[0-9a-f]{8}-[0-9a-f]{4}-/, start(textPattern("event_seen")));
  const named = exactly(textPattern("job_of_user", { user: /user\d+/ }));
  return page.evaluate(([changing, named]) => {
    const [changes, ofUser] = [new RegExp(changing!), new RegExp(named!)];
    const dialog = document.querySelector("dialog[open]");
    const front = dialog?.getBoundingClientRect();
    const found: Area[] = [];
    for (const element of document.body.querySelectorAll("*")) {
      const said = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const text = element.textContent ?? "";
      const ordered = element.closest(".job-table") && ofUser.test(text);
      if (!said || !(ordered || changes.test(text))) continue;
      let block = element;
      while (getComputedStyle(block).display.startsWith("inline") && block.parentElement) block = block.parentElement;
      const { left, top, bottom } = element.getBoundingClientRect();
      // The next text may be longer.
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
  }, [changing.source, named.source]);
}

/** The pixels of a WebP file, except for these areas. */
function pixels(file: string, except: Area[]): { size: string; data: Buffer } {
  const all = execFileSync("dwebp", ["-quiet", file, "-pam", "-o", "-"], { maxBuffer: 1 << 28 });
  const start = all.indexOf("ENDHDR\n") + "ENDHDR\n".length;
  const header = all.toString("latin1", 0, start);
  const data = all.subarray(start);
  const [width = 0, height = 0] = ["WIDTH", "HEIGHT"].map((name) => Number(new RegExp(`${name} (\\d+)`).exec(header)?.[1]));
  for (const { left, top, right, bottom } of except) {
    for (let y = Math.max(0, top); y < Math.min(height, bottom); y += 1) {
      data.fill(0, 4 * (y * width + Math.max(0, left)), 4 * (y * width + Math.min(width, right)));
    }
  }
  return { size: `${width} x ${height}`, data };
}

/** How many pixels may differ: the corners of a box are drawn now lighter, now darker. */
const SHADES = 20;

/** Whether two WebP files show the same outside of these areas. */
function same(one: string, other: string, except: Area[]): boolean {
  const [a, b] = [pixels(one, except), pixels(other, except)];
  if (a.size !== b.size) return false;
  let different = 0;
  for (let at = 0; at < a.data.length; at += 4) if (a.data.readUInt32LE(at) !== b.data.readUInt32LE(at)) different += 1;
  return different <= SHADES;
}

/** Stores a picture, unless the stored one shows the same outside of these areas. */
export function store(name: string, png: string, except: Area[]): void {
  const file = `${STORED}/${name}.webp`;
  const encode = (effort: string, to: string) => execFileSync("cwebp", ["-quiet", "-z", effort, "-exact", png, "-o", to]);
  if (existsSync(file)) {
    // The fastest way to the pixels of a PNG.
    const quick = join(tmpdir(), `${name}-${process.pid}.webp`);
    try {
      encode("0", quick);
      if (same(quick, file, except)) return;
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
