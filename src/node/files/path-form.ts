// Which spellings of a path are refused before the disk is asked: those that name nothing, or name something other than they seem to.
// Pure; the platform is a parameter, so that the rules of Windows are tested everywhere.

/** Says what is wrong with the spelling, as the end of a sentence about the path; undefined where nothing is. */
export function malformed(path: string, platform: NodeJS.Platform): string | undefined {
  if (path.trim() === "") return "is empty; name a file or folder";
  if (path.includes("\0")) return "holds a NUL character; remove it";
  return platform === "win32" ? malformedOnWindows(path) : undefined;
}

/** Names that Windows takes for devices, whatever their extension. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)/i;

function malformedOnWindows(path: string): string | undefined {
  const slashed = path.replaceAll("/", "\\");
  if (slashed.startsWith("\\\\")) return "leads to another machine or a device; name a file of a local drive";
  const rest = slashed.replace(/^[a-z]:(?=\\|$)/i, "");
  // "C:name" is relative to a hidden per-drive folder, and "name:stream" is content that no listing shows.
  if (rest.includes(":")) return "has a colon where Windows gives it another meaning; write a drive as C:\\ and no colon after it";
  for (const name of rest.split("\\")) {
    if (name === "." || name === "..") continue;
    if (device.test(name)) return `holds "${name}", which is a device on Windows; choose another name`;
    if (/[. ]$/.test(name)) return `holds "${name}", whose last character Windows drops; leave it out`;
  }
  return undefined;
}
