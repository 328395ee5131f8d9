// What the workbench takes from npm beside its editor. esbuild makes one file of this.
// @ts-check

export { structuredPatch } from "diff";
export { zipSync } from "fflate";
