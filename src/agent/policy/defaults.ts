// The rules that come with the product: the guard, which nothing overrides, and the last part of the personal list, which every
// rule of a person goes before. Within the guard all denials stand before all questions, so that no question hides a denial.

import { roles } from "../plan.ts";
import { rolesByName } from "../role/roles.ts";
import { Effect } from "../tool/risk.ts";
import { likelySecrets, machine, obeyed, ownFiles, repository, secrets, temporary, templates } from "./places.ts";
import type { Policy, Rule } from "./rules.ts";

/** The three ways of working. Policies, not prompts: each is a few of the rules below. */
export const modes = ["read-only", "supervised", "autonomous"] as const;

/**
 * The policy of a fresh installation in a fresh workspace. Commands may be let write to the folders for temporary files: confined
 * ones always, since theirs are their own; others only with the workspace's folder given, and not where that lies in one, for then
 * its neighbours do too.
 */
export function shippedPolicy(root?: string): Policy {
  const scratch = root !== undefined && !temporary.some((folder) => root.startsWith(folder.slice(0, folder.indexOf("*"))));
  return { guard: scratch ? guard : confinedGuard, workspace: [], personal };
}

/** Rules a person or a grant adds are looked at before these: shipped priorities begin here. */
const shippedPriority = 1000;

/** A command of any of these is not known to only look. */
const notOnlyLooking = ["changes", "code", "unknown", "system", "privilege", "environment", "discard"] as const;

export const guard: readonly Rule[] = inOrder(0, [
  {
    id: "guard.destructive",
    match: { trait: ["destructive"] },
    verdict: "deny",
    why: "This is known to destroy a disk, a home, a system or a whole workspace.",
    examples: {
      match: [
        "rm -rf /",
        "sudo rm -rf --no-preserve-root /*",
        "mkfs.ext4 /dev/sda1",
        "dd if=/dev/zero of=/dev/sda",
        ":(){ :|:& };:",
        "chmod -R 777 /",
        "cat x > /dev/sda",
        "rm -rf ./*",
      ],
      noMatch: ["rm -rf node_modules", "dd if=a of=b", "chmod -R 777 build", "cat x > /dev/null"],
    },
  },
  ...roles
    .filter((role) => beyond(role).length > 0)
    .map((role) => ({
      id: `guard.role.${role}`,
      match: { role: [role], effect: beyond(role) },
      verdict: "deny" as const,
      why: `A ${role} may ${rolesByName[role].ceiling.join(" and ")}, nothing else.`,
    })),
  {
    id: "guard.read-only",
    match: { mode: ["read-only"], effect: ["write", "delete"] },
    verdict: "deny",
    why: "This run is read-only.",
    examples: { match: ["echo x > f", "rm f"], noMatch: ["cat f"] },
  },
  {
    id: "guard.read-only.commands",
    match: { mode: ["read-only"], effect: ["execute"], trait: [...notOnlyLooking] },
    verdict: "deny",
    why: "This run is read-only, and the command is not known to only look.",
    examples: { match: ["npm test", "./x"], noMatch: ["git log", "ls"] },
  },
  {
    id: "guard.repository",
    match: { effect: ["write", "delete"], path: [...repository] },
    verdict: "deny",
    why: "Git's own files are changed by git alone.",
    examples: {
      match: [
        "echo x > .git/hooks/pre-commit",
        "rm -rf .git",
        "cp x packages/a/.git/config",
        { tool: "edit_file", effect: "write", path: ".git/config" },
      ],
      noMatch: ["cat .git/HEAD", "echo x > .gitignore"],
    },
  },
  {
    id: "guard.own",
    match: { effect: ["write", "delete"], path: [...ownFiles] },
    verdict: "deny",
    why: "The rules and records of this agent are not for it to change.",
    examples: {
      match: ["echo {} > .proviso/policy.json", { tool: "create_file", effect: "write", path: ".proviso/policy.json" }],
      noMatch: ["cat .proviso/policy.json"],
    },
  },
  {
    id: "guard.temporary",
    match: { tool: ["run_command", "start_job"], effect: ["write", "delete"], where: "outside", within: [...temporary] },
    verdict: "ask",
    why: "This writes to a folder for temporary files, outside the workspace.",
    examples: { match: ["echo x > /tmp/x"], noMatch: ["rm -rf /tmp"] },
  },
  {
    id: "guard.outside",
    match: { effect: ["write", "delete"], where: "outside" },
    verdict: "deny",
    why: "Nothing outside the workspace is changed.",
    examples: {
      match: ["echo x >> ~/.bashrc", "rm -rf ../other", "cp a /etc/passwd", { tool: "edit_file", effect: "write", path: "/etc/hosts" }],
      noMatch: ["echo x > a"],
    },
  },
  {
    id: "guard.obeyed",
    match: { effect: ["write", "delete"], path: [...obeyed] },
    verdict: "ask",
    why: "Other programs run or obey this file by themselves.",
    examples: {
      match: [
        { tool: "edit_file", effect: "write", path: ".vscode/tasks.json" },
        "echo x > .husky/pre-commit",
        "tee .github/workflows/ci.yml",
      ],
      noMatch: ["echo x > src/vscode.ts"],
    },
  },
  {
    id: "guard.dynamic",
    match: { trait: ["dynamic", "unparsed"] },
    verdict: "ask",
    why: "What this does is only known once it runs.",
    examples: { match: ["$CMD x", "cat $(ls)", "eval $X", "echo 'x", "/bin/r?m x"], noMatch: ["cat 'x $(y)'", "echo $?"] },
  },
  {
    id: "guard.grave",
    match: { trait: ["environment", "system", "privilege", "discard"] },
    verdict: "ask",
    why: "This reaches further than the workspace, or cannot be undone.",
    examples: { match: ["PATH=. ls", "sudo ls", "git reset --hard", "systemctl stop x"], noMatch: ["LANG=C ls", "git status"] },
  },
  {
    id: "guard.unsandboxed",
    match: { effect: ["execute"], sandboxed: false },
    verdict: "ask",
    why: "Nothing would confine this command.",
    examples: { match: ["ls"], noMatch: [] },
  },
  {
    id: "guard.disturbed",
    match: { disturbed: true, effect: ["execute"], trait: [...notOnlyLooking] },
    verdict: "ask",
    why: "A command before this one made or changed files that other programs obey; look at them first.",
    examples: { match: ["npm test", "./x"], noMatch: ["git status", "cat .mcp.json"] },
  },
  {
    id: "guard.taint.network",
    match: { tainted: true, effect: ["network"] },
    verdict: "ask",
    why: "Text from outside is in the context, and it could have asked for this.",
    examples: { match: ["curl https://example.com"], noMatch: ["ls"] },
  },
  {
    id: "guard.taint.credential",
    match: { tainted: true, trait: ["credential"] },
    verdict: "ask",
    why: "Text from outside is in the context, and this uses credentials.",
    examples: { match: ["ssh host ls"], noMatch: ["ls"] },
  },
  {
    id: "guard.taint.secret",
    match: { tainted: true, effect: ["read"], path: [...secrets] },
    verdict: "ask",
    why: "Text from outside is in the context, and this reads a secret.",
    examples: { match: ["cat .env"], noMatch: ["cat a"] },
  },
  {
    id: "guard.taint.secret.likely",
    match: { tainted: true, effect: ["read"], within: [...likelySecrets] },
    verdict: "ask",
    why: "Text from outside is in the context, and this may read a secret.",
    examples: { match: ["cat credentials.json"], noMatch: ["cat *.json"] },
  },
]);

const confinedGuard: readonly Rule[] = guard.map((rule) =>
  rule.id === "guard.temporary" ? { ...rule, match: { ...rule.match, sandboxed: true } } : rule,
);

export const personal: readonly Rule[] = inOrder(shippedPriority, [
  {
    id: "default.template",
    match: { effect: ["read"], where: "inside", path: [...templates] },
    verdict: "allow",
    why: "A template of a secret holds none.",
    examples: { match: ["cat .env.example"], noMatch: ["cat .env", "cat .env.local"] },
  },
  {
    id: "default.secret",
    match: { effect: ["read", "write", "delete"], path: [...secrets] },
    verdict: "ask",
    why: "This file may hold secrets.",
    examples: {
      match: ["cat .env", "head -1 certs/server.key", "cat .e*", { tool: "read_file", effect: "read", path: "config/.env.local" }],
      noMatch: ["cat src/env.ts", "cat *.ts"],
    },
  },
  {
    id: "default.secret.likely",
    match: { effect: ["read", "write", "delete"], within: [...likelySecrets] },
    verdict: "ask",
    why: "This file may hold secrets.",
    examples: { match: ["cat credentials.json"], noMatch: ["cat *.json", "grep -r x ."] },
  },
  {
    id: "default.autonomous.write",
    match: { mode: ["autonomous"], effect: ["write"], where: "inside" },
    verdict: "allow",
    why: "In autonomous mode files of the workspace are changed without asking.",
  },
  {
    id: "default.autonomous.delete",
    match: { mode: ["autonomous"], effect: ["delete"], where: "inside", tool: ["delete_file"] },
    verdict: "allow",
    why: "In autonomous mode files are deleted without asking; they can be brought back.",
  },
  {
    id: "default.autonomous.command",
    match: { mode: ["autonomous"], effect: ["execute"], sandboxed: true },
    verdict: "allow",
    why: "In autonomous mode the sandbox stands in for the question.",
  },
  {
    id: "default.read.inside",
    match: { effect: ["read"], where: "inside" },
    verdict: "allow",
    why: "Reading in the workspace is allowed.",
    examples: { match: ["cat src/a.ts", { tool: "read_file", effect: "read", path: "README.md" }], noMatch: ["cat /etc/passwd"] },
  },
  {
    id: "default.read.machine",
    match: { effect: ["read"], where: "outside", path: [...machine] },
    verdict: "allow",
    why: "This tells what the machine is, and nothing else.",
    examples: { match: ["cat /etc/os-release", "head -5 /proc/cpuinfo"], noMatch: ["cat /etc/passwd", "cat /proc/self/environ"] },
  },
  {
    id: "default.read.outside",
    match: { effect: ["read"] },
    verdict: "ask",
    why: "This reads outside the workspace.",
    examples: { match: ["cat /etc/passwd", "ls ..", "cat ~/.ssh/id_rsa"], noMatch: ["pwd"] },
  },
  {
    id: "default.look",
    match: { effect: ["execute"], trait: ["readonly"], sandboxed: true },
    verdict: "allow",
    why: "It only looks, and the sandbox holds it to that.",
    examples: {
      match: ["git status", "rg foo src", "find . -name '*.ts'"],
      noMatch: ["npm test", "git commit -m x", "sort --compress-program=sh a"],
    },
  },
  {
    id: "default.command",
    match: { effect: ["execute"] },
    verdict: "ask",
    why: "Commands are run after asking.",
    examples: { match: ["npm test", "make", "python3 -c 1"], noMatch: [] },
  },
  {
    id: "default.write",
    match: { effect: ["write"] },
    verdict: "ask",
    why: "Files are changed after asking.",
    examples: { match: [{ tool: "edit_file", effect: "write", path: "src/a.ts" }, "echo x > a"], noMatch: ["cat a"] },
  },
  {
    id: "default.delete",
    match: { effect: ["delete"] },
    verdict: "ask",
    why: "Files are deleted after asking.",
    examples: { match: [{ tool: "delete_file", effect: "delete", path: "src/a.ts" }, "rm a"], noMatch: ["cat a"] },
  },
  {
    id: "default.network",
    match: { effect: ["network"] },
    verdict: "ask",
    why: "The network is used after asking.",
    examples: { match: ["curl https://example.com", "git fetch", "cat < /dev/tcp/example.com/80"], noMatch: ["git log"] },
  },
]);

function beyond(role: (typeof roles)[number]): Effect[] {
  return Effect.options.filter((effect) => !rolesByName[role].ceiling.includes(effect));
}

function inOrder(from: number, rules: readonly Omit<Rule, "priority">[]): readonly Rule[] {
  return rules.map((rule, index) => ({ ...rule, priority: from + index }));
}
