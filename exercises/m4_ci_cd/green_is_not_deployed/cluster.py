"""A cluster that never was: one Deployment, its revisions, and a clock that jumps.

What becomes of a new image is laid down in the *scenario*. The images that ran before are good.
"""

import copy

SCENARIOS = {
    "good": "its pods are ready after two and a half minutes",
    "again": "it is what runs already",
    "crash": "its pods crash as soon as they start",
    "quota": "its pods are never made: the quota is used up",
    "refused": "the cluster does not take the change at all",
    "hang": "the controller that rolls out is down, and nothing ever happens",
}
SLOW, QUICK, DEADLINE = (
    150,
    20,
    600,
)  # seconds: of a new image, of a known one, until it is given up
JOB = 600  # seconds after which the runner ends the job
NEVER = float("inf")


class Refused(Exception):
    """The cluster does not take a change: what it says instead."""


class Waits(Exception):
    """An answer that never comes, unless somebody else moves the clock."""


class Cluster:
    """A namespace in *scenario*: it runs *manifest*, and has had two *images* so far.

    *wanted* is the manifest that is to come, and runs already where it comes again.
    """

    def __init__(self, scenario, manifest, images, wanted):
        self.scenario, self.now, self.over = scenario, 0, False
        self.slow = SLOW
        self.deployment = copy.deepcopy(manifest)
        self.name = manifest["metadata"]["name"]
        self.others = {}  # objects of other kinds, by what apply calls them
        self.asked = []  # the words of each call
        self.outages = 0  # how often the old pods went before there were new ones
        self.good = [self.with_image(image) for image in images]
        if scenario == "again":
            self.deployment = copy.deepcopy(wanted)
            self.good.append(self.template)
        self.revisions = dict(enumerate(self.good, 6))
        self.generation, self.began = 8, -NEVER
        self.deployment["spec"]["template"] = self.good[-1]
        self.runs = self.good[-1]  # the template of the pods that are ready

    def with_image(self, image):
        """Give the template with another *image*."""
        template = copy.deepcopy(self.deployment["spec"]["template"])
        template["spec"]["containers"][0]["image"] = image
        return template

    @property
    def template(self):
        """What is to run."""
        return self.deployment["spec"]["template"]

    @property
    def is_known(self):
        return self.template in self.good

    @property
    def is_stuck(self):
        """Whether nobody looks at what was changed."""
        return self.scenario == "hang" and self.began > -NEVER

    @property
    def ready_at(self):
        """When the rollout is done."""
        if self.is_stuck or not (self.is_known or self.scenario in ("good", "again")):
            return NEVER
        return self.began + (QUICK if self.is_known else self.slow)

    @property
    def given_up_at(self):
        """When the controller reports that the rollout makes no progress."""
        given = self.deployment["spec"].get("progressDeadlineSeconds")
        after = given if type(given) is int and given > 0 else DEADLINE
        return NEVER if self.is_stuck else self.began + after

    @property
    def is_done(self):
        return self.ready_at <= self.now

    def move(self, moment):
        """Let time pass until *moment*, or to the end of the job. Raises Waits for *NEVER*."""
        if moment == NEVER:
            raise Waits
        self.now = max(self.now, min(moment, JOB))
        self.over = self.over or self.now >= JOB
        if self.deployment and self.is_done:
            self.runs = self.template
            self.good += [] if self.is_known else [self.template]

    def become(self, found, source):
        """Make *found* the Deployment; another template is another revision, and a rollout."""
        if found == self.deployment:
            return
        template = found["spec"]["template"]
        if self.scenario == "refused" and template not in self.good:
            raise Refused(
                f'Error from server (Forbidden): error when patching "{source}": admission webhook '
                '"images.example" denied the request: the image is not signed'
            )
        changed = not self.deployment or template != self.template
        self.outages += not self.deployment or found["spec"].get("replicas") == 0
        self.deployment = copy.deepcopy(found)
        self.generation += 1
        if changed:
            self.began = self.now
            number = max(self.revisions, default=0) + 1
            kept = {key: each for key, each in self.revisions.items() if each != template}
            self.revisions = {**kept, number: self.template}

    def delete(self):
        """Take the Deployment away, and its pods with it."""
        self.deployment, self.runs, self.revisions = None, None, {}
        self.outages += 1

    def status(self):
        """Give what the server would: the Deployment with its status."""
        replicas = self.deployment["spec"].get("replicas", 1)
        given_up = not self.is_done and self.now >= self.given_up_at
        made = replicas if self.is_done else int(self.scenario not in ("quota", "hang"))
        reason = "NewReplicaSetAvailable" if self.is_done else "ReplicaSetUpdated"
        progressing = {
            "type": "Progressing",
            "status": "False" if given_up else "True",
            "reason": "ProgressDeadlineExceeded" if given_up else reason,
        }
        revision = {"deployment.kubernetes.io/revision": str(max(self.revisions))}
        noted = {**(self.deployment["metadata"].get("annotations") or {}), **revision}
        return {
            **self.deployment,
            "metadata": {
                **self.deployment["metadata"],
                "generation": self.generation,
                "annotations": noted,
            },
            "status": {
                "observedGeneration": self.generation - (self.is_stuck and not self.is_done),
                "replicas": replicas + (0 if self.is_done else made),
                "updatedReplicas": made,
                "readyReplicas": replicas,
                "availableReplicas": replicas,
                "conditions": [
                    {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
                    progressing,
                ],
            },
        }

    def pods(self):
        """Give the pods: the old ones, and those that are on their way."""
        status = self.status()["status"]
        ready = [(self.runs, True)] * status["readyReplicas"]
        coming = [] if self.is_done else [(self.template, False)] * status["updatedReplicas"]
        return [
            pod(f"{self.name}-{number}", *each, self.scenario)
            for number, each in enumerate(ready + coming)
        ]


def pod(name, template, ready, scenario):
    """Give a pod as the server would."""
    image = template["spec"]["containers"][0]["image"]
    starts = ready or scenario == "good"
    waiting = {"waiting": {"reason": "CrashLoopBackOff"}}
    container = {
        "name": template["spec"]["containers"][0].get("name"),
        "image": image,
        "ready": ready,
        "restartCount": 0 if starts else 4,
        "state": {"running": {}} if starts else waiting,
    }
    return {
        "kind": "Pod",
        "metadata": {"name": name, "labels": template["metadata"]["labels"]},
        "spec": template["spec"],
        "status": {"phase": "Running", "containerStatuses": [container]},
    }
