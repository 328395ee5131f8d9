"""Play deploy.sh on a cluster that never was: `python play.py crash`.

Its clock jumps, so that ten minutes of waiting take a second.
"""

import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import yaml
from cluster import JOB, NEVER, SCENARIOS, Cluster, Waits
from kubectl import answer, seconds

from workbook.standin import Answers, serving

PROGRAMS = ("job", "kubectl", "sleep", "date", "timeout")
PATIENCE = 8  # times that a call which waits is asked again before nobody else will move the clock
IMAGES = [f"registry.example/causeway@sha256:{each * 64}" for each in "ab"]  # of the last two
NEW = f"registry.example/causeway@sha256:{'c' * 64}"


class Desk:
    """Takes the programs' calls to a cluster."""

    def __init__(self, cluster):
        self.cluster, self.again = cluster, 0

    def __call__(self, asks):
        """Answer a call: STATUS LENGTH FILE and a text, whose first LENGTH bytes are said.

        Where FILE is no dash they are written to it instead.
        """
        found = {key: bytes.fromhex(value).decode() for key, value in asks.form.items()}
        status, said, complained, *file = self.answered(found)
        words = f"{status} {len(said.encode())} {''.join(file).encode().hex() or '-'}"
        return Answers(f"{words} {said}{complained}", kind="text/plain")

    def answered(self, found):
        cluster, words = self.cluster, found["words"].split("\0") if found["words"] else []
        until = min(NEVER, float(found["until"] or NEVER))
        self.again = self.again + 1 if "again" in found else 0
        if found["program"] == "job":  # it was ended, and not by this clock
            cluster.over = True
        if self.again > PATIENCE:
            cluster.move(JOB)
        if cluster.over:
            return "over", "", "The job took ten minutes. The runner has ended it.\n"
        if found["program"] == "timeout":
            try:
                return 0, str(min(cluster.now + seconds(words[0]), until)), ""
            except (ValueError, IndexError):
                return 125, "", ""
        try:
            # What only gives up in the end gives others the time to do something meanwhile.
            given = found["program"], words, found.get("text"), until, self.again
            status, *texts = answer(cluster, *given, may_give_up=self.again == PATIENCE)
        except Waits:
            return "waits", "", ""
        ended = "over" if cluster.over else "late" if cluster.now >= until else status
        return ended, *texts


@contextmanager
def on_path(folder, desk, programs=PROGRAMS):
    """Put *programs* into *folder*, and let *desk* answer them."""
    text = Path(__file__).with_name("client.py").read_text(encoding="utf-8")
    for name in programs:
        program = folder / name
        program.write_text(f"#!{sys.executable} -IS\n{text}", encoding="utf-8")
        program.chmod(0o755)
    with serving(desk, folder / "cluster"):
        yield


def main():
    scenario = sys.argv[1] if sys.argv[1:] else ""
    if scenario not in SCENARIOS:
        told = "\n".join(f"  {name:8} {what}" for name, what in SCENARIOS.items())
        sys.exit(f"What becomes of the new image? python play.py …\n{told}")
    text = Path("deployment.yaml").read_text(encoding="utf-8")
    before = yaml.safe_load(text.replace('"15"', '"10"'))
    wanted = yaml.safe_load(text.replace("registry.example/causeway:main", NEW))
    cluster = Cluster(scenario, before, IMAGES, wanted)
    with tempfile.TemporaryDirectory() as folder, on_path(Path(folder), Desk(cluster)):
        job = [f"{folder}/job", "env", f"IMAGE={NEW}", "sh", "deploy.sh"]
        code = subprocess.run(job, stdin=subprocess.DEVNULL, check=False).returncode
    print(f"\nThe job ended with {code} after {cluster.now:.0f} s; {SCENARIOS[scenario]}.")
    wanted = cluster.deployment and cluster.template
    for what, template in (("is to run", wanted), ("runs", cluster.runs)):
        container = template["spec"]["containers"][0] if template else {}
        print(f"{what:>10}: {container.get('image', 'nothing')}, {container.get('env', '')}")
    print(f"{'asked for':>10}: {NEW}")


if __name__ == "__main__":
    main()
