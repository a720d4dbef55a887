// The languages of the repository.

import { readdirSync } from "node:fs";
import { ROOT } from "./paths";

const OTHER_FILES = ["en.json", "notes.json", "reviewed.json"];

/** The tags of Curfew's own languages except English, in the order of the menu. */
export const OWN = readdirSync(`${ROOT}/languages`)
  .filter((file) => file.endsWith(".json") && !OTHER_FILES.includes(file))
  .map((file) => file.replace(".json", ""))
  .sort();
