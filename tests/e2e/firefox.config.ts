// Firefox, through WebDriver BiDi. scripts/test-firefox.sh uses it in a copy of this folder, with a Playwright of its own.

import { engine } from "./engines";

export default engine("firefox", {
  browserName: "firefox",
  channel: "moz-firefox",
  // Playwright hides the caret in a picture with a style, which the page's policy refuses. The report of that would hide why a test failed.
  screenshot: "off",
  launchOptions: { executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr" },
});
