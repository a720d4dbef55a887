// The memory of the WebAssembly app in a page.

import type { Page } from "@playwright/test";

const MEBI = 1_048_576;

/** Runs in the page: keeps a reference to the app's memory. */
export function keepMemory(): void {
  for (const name of ["instantiate", "instantiateStreaming"] as const) {
    const original = WebAssembly[name] as (...args: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
    Object.assign(WebAssembly, {
      [name]: async (...args: unknown[]) => {
        const made = await original.apply(WebAssembly, args);
        const kept = ((globalThis as unknown as { memories?: WebAssembly.Memory[] }).memories ??= []);
        // Modules loaded later share the memory of the first.
        const { memory } = made.instance.exports;
        if (memory instanceof WebAssembly.Memory) kept.push(memory);
        return made;
      },
    });
  }
}

/** The app's memory in MiB. */
export async function memory(page: Page): Promise<number> {
  const sizes = await page.evaluate(() =>
    (globalThis as unknown as { memories: WebAssembly.Memory[] }).memories.map((memory) => memory.buffer.byteLength),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / MEBI;
}
