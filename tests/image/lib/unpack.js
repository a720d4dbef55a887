// Unpacks an image. Usage: node unpack.js ARCHIVE.tar FOLDER

import { unpack } from "./container.js";

unpack(process.argv[2], process.argv[3]);
