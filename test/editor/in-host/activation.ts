import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { readSettings } from "../../../src/vscode/settings.ts";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

describe("the extension", () => {
  const extension = (): vscode.Extension<unknown> => {
    const found = vscode.extensions.getExtension("proviso.proviso");
    assert.ok(found, "it is installed");
    return found;
  };
  const manifest = (): Manifest => extension().packageJSON as Manifest;

  it("activates", async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it("has a handler for every command it contributes, and contributes every handler", async () => {
    const registered = (await vscode.commands.getCommands(true)).filter((name) =>
      /^proviso\.(?!(?:run|changes|policy)\.|status)/.test(name),
    );
    const contributed = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      contributed.filter((name) => !registered.includes(name)),
      [],
    );
    assert.deepEqual(
      registered.filter(
        (name) => !contributed.includes(name) && !/resetViewContainerLocation|removeView|toggleVisibility|open$/.test(name),
      ),
      [],
    );
  });

  it("declares the default of every setting as it reads it", () => {
    const settings: Readonly<Record<string, unknown>> = readSettings();
    // Rules are read, with what is wrong with them, where the policy's files are.
    const declared = Object.entries(manifest().contributes.configuration.properties)
      .map(([name, { default: value }]) => [name.slice("proviso.".length), value] as const)
      .filter(([name]) => name !== "policy.rules");
    // The harness turns one of them off.
    const read = declared.map(([name]) => [name, name === "findLocalModels" ? true : settings[name]]);
    assert.deepEqual(read, declared);
  });

  it("takes the default where a setting does not fit", async () => {
    const configuration = vscode.workspace.getConfiguration("proviso");
    for (const [name, wrong, otherwise] of [
      ["limits.usd", -1, 1],
      ["mode", "reckless", "supervised"],
      ["limits.turnsPerStep", "many", 40],
      ["baseUrl", 7, ""],
    ] as const) {
      await configuration.update(name, wrong, vscode.ConfigurationTarget.Global);
      assert.equal(readSettings()[name], otherwise, name);
      await configuration.update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
