// What the simulated cluster is made of. esbuild makes one file of this and of what package.json
// names; the page loads it when a learner starts the cluster, and not before.

export { BaseImage, Cluster } from "@ngrok/webernetes";
export { parseAllDocuments } from "yaml";
