import { strict as assert } from "node:assert";
import { malformed } from "../../../../src/node/files/path-form.ts";

describe("the spelling of a path", () => {
  it("is refused everywhere when it names nothing or holds a NUL", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      for (const path of ["", "  ", "a\0b"]) assert.ok(malformed(path, platform), `${platform} ${JSON.stringify(path)}`);
      for (const path of ["a", "./a", "../a", "a b/ü", ".env"]) assert.equal(malformed(path, platform), undefined, `${platform} ${path}`);
    }
  });

  it("may hold on Linux and macOS what only Windows gives a meaning", () => {
    for (const path of ["a:b", "nul", "C:a", "a.", "\\\\server\\share"]) assert.equal(malformed(path, "linux"), undefined, path);
  });

  it("is refused on Windows where it would name a device, a stream, another machine or another file", () => {
    const wrong = [
      "C:a.txt",
      "a.txt:stream",
      "C:\\a.txt::$DATA",
      "\\\\server\\share\\a",
      "//server/share/a",
      "\\\\?\\C:\\a",
      "\\\\.\\COM1",
    ];
    const names = ["nul", "src/CON.txt", "com1", "LPT9.log", "aux .txt", "a.", "dir. /a", "trail "];
    for (const path of [...wrong, ...names]) assert.ok(malformed(path, "win32"), path);
  });

  it("is accepted on Windows with either slash and a drive", () => {
    for (const path of ["C:\\a\\b.txt", "c:/a/b.txt", "..\\a", "console.ts", "nullable.ts", "a.b.c", "com10/x"]) {
      assert.equal(malformed(path, "win32"), undefined, path);
    }
  });
});
