// The tools every run has, whatever it runs in.

import { askUser } from "./ask-user.ts";
import { Catalog } from "./catalog.ts";
import { changeFiles } from "./change-files.ts";
import { runCommand } from "./command.ts";
import { createFile, deleteFile, editFile } from "./edit.ts";
import { git } from "./git.ts";
import { gitRestore } from "./git-restore.ts";
import { jobOutput, startJob, stopJob } from "./jobs.ts";
import { listFiles, readFile } from "./files.ts";
import { searchText } from "./search.ts";
import type { AnyTool } from "./tool.ts";

const standardTools: readonly AnyTool[] = [
  readFile,
  listFiles,
  searchText,
  editFile,
  createFile,
  deleteFile,
  changeFiles,
  runCommand,
  startJob,
  jobOutput,
  stopJob,
  git,
  gitRestore,
  askUser,
];

/** A catalog of the standard tools and those of the place the run is in. */
export const standardCatalog = (more: readonly AnyTool[] = []): Catalog => new Catalog([...standardTools, ...more]);
