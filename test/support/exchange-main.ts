// A process that exchanges a folder and a link for each other as fast as it can: `exchange-main FOLDER LINK SPARE`, until it is killed.

import { renameSync, writeSync } from "node:fs";

const [folder = "", link = "", spare = ""] = process.argv.slice(2);
writeSync(1, "exchanging\n");
for (;;) {
  renameSync(folder, spare);
  renameSync(link, folder);
  renameSync(folder, link);
  renameSync(spare, folder);
}
