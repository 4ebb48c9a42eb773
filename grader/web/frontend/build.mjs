// Build ../static from src: `node build.mjs` writes it, `node build.mjs --check` compares it with what is committed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const committed = join(here, "..", "static");

/** KaTeX offers each font in three formats; every browser that can run the page reads woff2. */
const onlyWoff2 = {
  name: "only-woff2",
  setup(plugin) {
    plugin.onLoad({ filter: /katex\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, ""),
      loader: "css",
      resolveDir: dirname(path),
    }));
  },
};

function checkTypes() {
  const tsc = join(here, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "--project", here], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

async function bundle(folder) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [
      { in: "src/app.tsx", out: "app" },
      { in: "src/style/app.css", out: "app" },
      { in: "src/style/maths.css", out: "maths" },
      { in: "src/icon.svg", out: "icon" },
    ],
    outdir: folder,
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    assetNames: "fonts/[name]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    loader: { ".woff2": "file", ".svg": "copy" },
    plugins: [onlyWoff2],
    metafile: true,
    logLevel: "warning",
  });
  // Browsers load no module from a file: the pages of `grade read` get a script of the old kind.
  const still = await build({
    absWorkingDir: here,
    entryPoints: ["src/still.ts"],
    outdir: folder,
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const inputs = [metafile, still.metafile].flatMap((each) => Object.keys(each.inputs));
  writeFileSync(join(folder, "LICENSES.txt"), licences(inputs));
}

/** The licence of every package of which the bundle holds a part. */
function licences(inputs) {
  const names = new Set(inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean));
  return [...names]
    .sort()
    .map((name) => {
      const folder = join(here, "node_modules", name);
      const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      if (!file) throw new Error(`${name} has no licence file`);
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(78)}\n\n`);
}

function filesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.map((each) => relative(folder, join(each.parentPath ?? each.path, each.name)).split(sep).join("/")).sort();
}

function differences(built, kept) {
  const names = [...new Set([...filesIn(built), ...filesIn(kept)])].sort();
  const bytes = (folder, name) => {
    try {
      return readFileSync(join(folder, name));
    } catch {
      return null;
    }
  };
  return names.filter((name) => {
    const [one, other] = [bytes(built, name), bytes(kept, name)];
    return !one || !other || !one.equals(other);
  });
}

checkTypes();
if (process.argv.includes("--check")) {
  const folder = mkdtempSync(join(tmpdir(), "grade-web-"));
  try {
    await bundle(folder);
    mkdirSync(committed, { recursive: true });
    const different = differences(folder, committed);
    if (different.length) {
      console.error(`Not what src/ builds: ${different.join(", ")}. Run: npm run build`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  rmSync(committed, { recursive: true, force: true });
  mkdirSync(committed, { recursive: true });
  await bundle(committed);
}
