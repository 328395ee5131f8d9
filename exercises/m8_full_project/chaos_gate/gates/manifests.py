"""Look at deployment.yaml."""

import sys
from pathlib import Path

import yaml

documents = list(yaml.safe_load_all(Path("deployment.yaml").read_text()))
sys.exit(0 if documents else "There is no manifest.")
