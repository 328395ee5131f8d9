"""Follow the labels in deployment.yaml: who selects whom."""

import sys
from pathlib import Path

import yaml

documents = list(yaml.safe_load_all(Path("deployment.yaml").read_text(encoding="utf-8")))
deployments = [each for each in documents if each["kind"] == "Deployment"]
labels = [each["spec"]["template"]["metadata"]["labels"] for each in deployments]
selectors = [(each, each["spec"]["selector"]["matchLabels"]) for each in deployments]
selectors += [(each, each["spec"]["selector"]) for each in documents if each["kind"] == "Service"]

wrong = [
    f"{each['kind']} {each['metadata']['name']} selects no pod."
    for each, selector in selectors
    if not any(selector == these for these in labels)
]
sys.exit(" ".join(wrong) or 0)
