// How a project says its tests are run: from its manifests alone, without running anything.
// Errs on the side of silence: a wrong test command proves the wrong thing, so what is not plainly declared is not guessed.

/** Text of a file below the workspace, or undefined where there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;
/** Names in a folder below the workspace (folders end in "/"); empty where there is none. */
export type ListNames = (path: string) => Promise<readonly string[]>;

/** The shell line that runs the tests, or undefined. Deterministic; the first of these that speaks decides: npm, Cargo, Go, Python, Maven, Gradle, make. */
export async function findTestCommand(read: ReadText, list: ListNames = async () => []): Promise<string | undefined> {
  for (const detect of [npm, cargo, go, python, jvm, make]) {
    const line = await detect(read, list);
    if (line !== undefined) return line;
  }
  return undefined;
}

type Detect = (read: ReadText, list: ListNames) => Promise<string | undefined>;

/** What `npm init` writes where nobody has said how to test. */
const unsaid = /no test specified/;

const npm: Detect = async (read) => {
  const manifest = parseJson(await read("package.json"));
  const test = field(field(manifest, "scripts"), "test");
  if (typeof test === "string" && test.trim() !== "" && !unsaid.test(test)) return "npm test";
  const has = (name: string): boolean => ["dependencies", "devDependencies"].some((key) => field(field(manifest, key), name) !== undefined);
  return has("vitest") ? "npx vitest run" : has("jest") ? "npx jest" : has("mocha") ? "npx mocha" : undefined;
};

const cargo: Detect = async (read) => ((await read("Cargo.toml")) === undefined ? undefined : "cargo test");

const go: Detect = async (read) => ((await read("go.mod")) === undefined ? undefined : "go test ./...");

const pytest = "python3 -m pytest";

const python: Detect = async (read, list) => {
  for (const path of ["pytest.ini", "conftest.py"]) if ((await read(path)) !== undefined) return pytest;
  for (const path of ["pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt", "requirements-dev.txt"]) {
    if (/\bpytest\b/.test((await read(path)) ?? "")) return pytest;
  }
  for (const folder of ["tests", "test", "."]) {
    const line = await pythonTests(folder, read, list);
    if (line !== undefined) return line;
  }
  return undefined;
};

/** Test files without a configuration: the first of them tells which runner they are written for. */
async function pythonTests(folder: string, read: ReadText, list: ListNames): Promise<string | undefined> {
  const names = await list(folder);
  const first = names.find((name) => /^test.*\.py$/.test(name)) ?? names.find((name) => name.endsWith("_test.py"));
  if (first === undefined) return undefined;
  const text = (await read(folder === "." ? first : `${folder}/${first}`)) ?? "";
  if (names.includes("conftest.py") || !/\bunittest\b/.test(text)) return pytest;
  if (folder === ".") return "python3 -m unittest";
  return names.includes("__init__.py") ? `python3 -m unittest discover -s ${folder} -t .` : `python3 -m unittest discover -s ${folder}`;
}

const jvm: Detect = async (read) => {
  if ((await read("pom.xml")) !== undefined) return "mvn -q test";
  return (await read("gradlew")) === undefined ? undefined : "./gradlew test";
};

const make: Detect = async (read) => {
  for (const path of ["Makefile", "makefile", "GNUmakefile"]) if (/^test\s*:(?!=)/m.test((await read(path)) ?? "")) return "make test";
  return undefined;
};

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
