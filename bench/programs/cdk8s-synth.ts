// The peer's side of the compile benchmark: N minimal Deployments, ten per chart, written to a folder by cdk8s.
// Usage: node cdk8s-synth.mjs OBJECTS FOLDER

import { ApiObject, App, Chart } from "cdk8s";

const PER_CHART = 10;
const [count, folder] = process.argv.slice(2);

const app = new App({ outdir: folder ?? "" });
for (let first = 0; first < Number(count); first += PER_CHART) {
  const chart = new Chart(app, `chart-${first / PER_CHART}`);
  for (let index = first; index < Math.min(first + PER_CHART, Number(count)); index++) {
    addDeployment(chart, `app-${index}`);
  }
}
app.synth();

function addDeployment(chart: Chart, name: string): void {
  const labels = { app: name };
  const container = {
    name: "main",
    image: `example/${name}:1.0`,
    ports: [{ containerPort: 8080 }],
  };
  const manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  // The constructor is the effect: the object joins the chart.
  new ApiObject(chart, name, manifest);
}
