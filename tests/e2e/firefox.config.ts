// Firefox, through WebDriver BiDi. scripts/test-firefox.sh uses it in a copy of this folder, with a Playwright of its own.

import { engine } from "./engines";

export default engine("firefox", {
  browserName: "firefox",
  channel: "moz-firefox",
  launchOptions: { executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr" },
});
