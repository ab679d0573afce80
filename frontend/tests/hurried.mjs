// The program as the Go tests build it, which takes a screenshot within TRESTLE_DEV_SHOT seconds instead of ten minutes. No program that is
// built for people can be told to.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../..",
);

/** What was built already by this process. */
const built = new Set();

/** hurried builds it, with a window or without, and answers its file. */
export function hurried({ window = false } = {}) {
  const folder = window ? "hurried-window" : "hurried";
  const file = path.join(root, "build/bin", folder, "trestle");
  if (built.has(file)) return file;
  const tags = window ? "desktop,production,webkit2_41," : "";
  execFileSync(
    "go",
    ["test", "-c", "-tags", `${tags}sqlite_fts5`, "-o", file, "./app"],
    { cwd: root, stdio: "inherit" },
  );
  built.add(file);
  return file;
}
