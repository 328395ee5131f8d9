// What Renovate itself makes of a configuration, asked through its own functions:
//
//   node renovate.mjs FOLDER requests updates.json renovate.json…
//   node renovate.mjs FOLDER validate renovate.json…
//   node renovate.mjs FOLDER options
//   node renovate.mjs FOLDER presets NAME…
//
// FOLDER holds node_modules/renovate. Nothing is looked up anywhere: the updates are given, and
// advisories are OSV records among them. These functions are internal to Renovate, so its version
// is pinned, and a test compares our model of them with this.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, verb, ...words] = process.argv.slice(2);
const dist = new URL("node_modules/renovate/dist/", pathToFileURL(`${folder}/`));
const load = (path) => import(new URL(path, dist));
const read = async (path) => JSON.parse(await readFile(path, "utf8"));

/** The requests that one run would open: what is in each, and how it is treated. */
async function requests(config, updates) {
  const { getConfig } = await load("config/defaults.js");
  const { migrateConfig } = await load("config/migration.js");
  const { massageConfig } = await load("config/massage.js");
  const { resolveConfigPresets } = await load("config/presets/index.js");
  const { mergeChildConfig } = await load("config/utils.js");
  const { branchifyUpgrades } = await load("workers/repository/updates/branchify.js");
  const { Vulnerabilities } = await load("workers/repository/process/vulnerabilities.js");

  const own = massageConfig(migrateConfig(config).migratedConfig);
  const { config: resolved } = await resolveConfigPresets(own);
  const whole = mergeChildConfig(getConfig(), massageConfig(resolved));
  Object.assign(whole, { semanticCommits: "disabled", errors: [], warnings: [] });
  const files = packageFiles(updates);
  if (whole.osvVulnerabilityAlerts) {
    const records = (ecosystem, name) =>
      updates.filter((each) => each.package === name && each.advisory).map((each) => each.advisory);
    const osv = new Vulnerabilities({ getVulnerabilities: async (...asked) => records(...asked) });
    await osv.appendVulnerabilityPackageRules(whole, files);
  }
  const { branches } = await branchifyUpgrades(whole, files);
  const found = branches.flatMap((branch) =>
    branch.upgrades.map((each) => ({
      update: each.updateName,
      request: branch.branchName.replace(/^renovate\//, ""),
      automerge: each.automerge,
      merges_itself: branch.automerge,
      age: each.minimumReleaseAge ?? null,
      schedule: each.schedule,
    })),
  );
  // A refreshed lock is none of the updates given, though some presets ask for one.
  const given = found.filter((each) => each.update);
  return given.sort((a, b) => (a.update < b.update ? -1 : 1));
}

/** What `renovate-config-validator --strict` would find: messages, or that names are old. */
async function validate(config) {
  const { migrateConfig } = await load("config/migration.js");
  const { massageConfig } = await load("config/massage.js");
  const { validateConfig } = await load("config/validation.js");

  const { isMigrated, migratedConfig } = migrateConfig(config);
  const { errors, warnings } = await validateConfig("repo", massageConfig(migratedConfig));
  const found = [...errors, ...warnings].map((each) => each.message);
  return isMigrated ? ["Config migration necessary", ...found] : found;
}

/** The updates in the form in which Renovate's lookup leaves them. */
function packageFiles(updates) {
  const files = {};
  for (const each of updates) {
    const datasource = each.manager === "pep621" ? "pypi" : "docker";
    const dep = {
      depName: each.package,
      packageName: each.package,
      depType: each.depType,
      datasource,
      versioning: each.manager === "pep621" ? "pep440" : "docker",
      currentValue: each.manager === "pep621" ? `==${each.from}` : each.from,
      currentVersion: each.from,
      lockedVersion: each.from,
      updates: [
        {
          updateName: each.name,
          updateType: each.type,
          newVersion: each.to,
          newValue: each.to,
          newMajor: Number(each.to.split(".")[0]),
          newMinor: Number(each.to.split(".")[1]),
        },
      ],
    };
    files[each.manager] ??= [{ packageFile: each.file, deps: [] }];
    files[each.manager][0].deps.push(dep);
  }
  return files;
}

/** The options that a repository may set: the type of each, and in what it may stand alone. */
async function options() {
  const { getOptions } = await load("config/options/index.js");
  const found = getOptions().filter((each) => !each.globalOnly);
  const kind = (each) => (each.allowString ? `${each.type} or string` : each.type);
  return Object.fromEntries(found.map((each) => [each.name, [kind(each), ...(each.parents ?? [])]]));
}

/** Renovate's own presets, as they are written, without what they say of themselves. */
async function presets(names) {
  const { getPreset } = await load("config/presets/internal/index.js");
  const found = names.map((name) => {
    const [repo, presetName] = name.split(":");
    const { description, ...content } = getPreset({ repo: repo || "default", presetName });
    return [name, content];
  });
  return Object.fromEntries(found);
}

const verbs = {
  requests: async (updates, ...configs) => {
    const found = [];
    for (const each of configs) found.push(await requests(await read(each), await read(updates)));
    return found;
  },
  validate: async (...configs) => {
    const found = [];
    for (const each of configs) found.push(await validate(await read(each)));
    return found;
  },
  options,
  presets: async (...names) => presets(names),
};
await (await load("logger/index.js")).init();
console.log(JSON.stringify(await verbs[verb](...words), null, 1));
