// The location of the tested files.

import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The finished bundle. */
export const DIST = `${ROOT}/dist`;

/** The simulator's binary. */
export const SIMULATOR = process.env.CURFEW_SIMULATOR ?? `${ROOT}/target/debug/bigiq-simulator`;
