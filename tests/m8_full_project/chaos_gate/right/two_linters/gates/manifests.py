"""A Deployment has to find its pods, and a Service somebody's."""

import yaml

with open("deployment.yaml", encoding="utf-8") as file:
    there = list(yaml.safe_load_all(file))

pods = []
for thing in there:
    if thing["kind"] == "Deployment":
        labels = thing["spec"]["template"]["metadata"]["labels"]
        for key, value in thing["spec"]["selector"]["matchLabels"].items():
            if labels.get(key) != value:
                raise SystemExit(f"The Deployment looks for {key}={value}, and its pods are not.")
        pods.append(labels)
for thing in there:
    if thing["kind"] == "Service":
        wanted = thing["spec"]["selector"]
        if not [each for each in pods if {**each, **wanted} == each]:
            raise SystemExit("The Service has no pods.")
