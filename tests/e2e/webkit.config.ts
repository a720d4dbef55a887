// Safari's engine, through WebDriver (webdriver/). Playwright starts no browser that it could trace; a failed test leaves a picture.

import { engine } from "./engines";

export default { ...engine("webkit", { browserName: "webkit", trace: "off", screenshot: "off" }), outputDir: "../../target/webkit" };
