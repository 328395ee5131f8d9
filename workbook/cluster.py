"""The `{cluster}` directive: a manifest, and a simulated cluster in the page to apply it to.

    ```{cluster} /solutions/my-devops-project/deployment.yaml
    ```

The manifest is the finished one; where the browser has the reader's own, out of the exercise that
repairs it, theirs comes first. Without scripts the manifest is shown as text.
"""

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from workbook.course import ROOT, digest, find_exercises

REPAIRED_IN = "m5_kubernetes/what_does_it_lack"
SAYS = (
    "What runs here is a simulator, <a href="
    '"https://github.com/ngrok/webernetes">webernetes</a> 0.3.5 (Apache-2.0), not a cluster: '
    "a port of the Deployment, ReplicaSet and EndpointSlice controllers, the scheduler and the "
    "kubelet to this page. Its images are functions that answer with their version. It has no "
    "ConfigMaps, Secrets, volumes, init containers, resources or quotas, no NetworkPolicies and no "
    "users: what of a manifest it lacks is left out, and told."
)


class Cluster(SphinxDirective):
    """Show the manifest named by the argument, and start a cluster for it on request."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        try:
            text = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise self.error(f"There is no manifest {name} to show: {error.strerror}.") from error
        if kept := own():  # its digest is written into the page
            self.env.note_dependency(str(ROOT / "exercises" / kept["exercise"] / kept["file"]))
        block = nodes.literal_block(text, text, language="yaml")
        self.set_source_info(block)
        head, end = page(Path(name).name, text)
        return [nodes.raw("", head, format="html"), block, nodes.raw("", end, format="html")]


def page(name: str, text: str) -> tuple[str, str]:
    """Write what stands before the manifest *text* and after it, in HTML."""
    data = {"name": name, **own()}
    attributes = "".join(f' data-{key}="{html.escape(value)}"' for key, value in data.items())
    start = json.dumps(text).replace("</", "<\\/")
    head = f'<div class="cluster" role="group" aria-label="A simulated cluster"{attributes}>'
    end = (
        f'<script type="application/json">{start}</script>'
        "<noscript><p>With JavaScript the simulator runs here.</p></noscript></div>"
    )
    return f"{head}<p>{SAYS}</p>", end


def own() -> dict[str, str]:
    """Name where the browser keeps the reader's own manifest, if the course has that exercise."""
    for each in find_exercises(ROOT):
        manifests = [name for name in each.start if name.endswith((".yaml", ".yml"))]
        if each.id == REPAIRED_IN and manifests:
            return {"exercise": each.id, "start": digest(each.start), "file": manifests[0]}
    return {}
