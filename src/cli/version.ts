// The version of this program, from package.json by way of the build.

import manifest from "../../package.json" with { type: "json" };

export const { version } = manifest;
