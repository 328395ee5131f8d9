"""Answers kubectl's words over a Cluster, as kubectl does, as far as a deploy needs them."""

import copy
import json
import re
import time

import yaml
from cluster import NEVER, Refused, Waits

from workbook.intake import TooMuch, compose

MOST = 100  # pods
CALL = 2  # seconds that a call takes
EPOCH = 1767225600  # when the clock stands at nought
KINDS = {
    each: kind
    for kind, names in {
        "deployment": "deployment deployments deploy deployment.apps deployments.apps",
        "pod": "pod pods po",
        "event": "event events ev",
        "namespace": "namespace namespaces ns",
        "service": "service services svc",
        "secret": "secret secrets",
        "configmap": "configmap configmaps cm",
    }.items()
    for each in names.split()
}
SHORT = {"-f": "filename", "-n": "namespace", "-o": "output", "-p": "patch", "-l": "selector"}
VALUED = {
    *SHORT.values(), "timeout", "type", "for", "to-revision", "revision", "context", "kubeconfig",
    "field-manager", "tail", "request-timeout", "replicas", "from-env-file", "from-file",
    "from-literal",
}  # fmt: skip
BARE = {
    "w": "true", "watch": "true", "local": "true", "record": "true", "current": "true",
    "wait": "true", "server-side": "true", "force": "true", "client": "true",
    "ignore-not-found": "true", "no-headers": "true", "dry-run": "client", "A": "true",
}  # fmt: skip


def answer(cluster, program, words, text=None, until=NEVER, again=0, *, may_give_up=True):
    """Answer a call of *program*: its exit status, and what it says on both its outputs.

    *text* is what the file named by -f holds; *until* is when `timeout` ends the call.
    A call that waits is asked *again*. Raises cluster.Waits for one that has no end of its own, or
    none but that the cluster gives up, unless it *may_give_up*.
    """
    cluster.move(cluster.now + (0 if again else CALL))
    if program == "date":
        form = next((each[1:80] for each in words if each.startswith("+")), "%c")
        moment = EPOCH + int(cluster.now)
        return 0, time.strftime(form.replace("%s", str(moment)), time.gmtime(moment)) + "\n", ""
    if program == "sleep":
        try:
            cluster.move(min(cluster.now + sum(map(seconds, words)), until))
        except ValueError:
            return 1, "", "sleep: invalid time interval\n"
        return 0, "", ""
    if not again:
        cluster.asked.append(" ".join(words))
    try:
        given, options = parse(words)
        verb = VERBS.get(" ".join(given[:2])) or VERBS.get(given[0] if given else "")
        if verb is None:
            group = given[0] if given and given[0] in ("set", "rollout", "config") else ""
            what = "".join(given[1:2] if group else given[:1])
            raise Refused(f"error: unknown command \"{what}\"\nSee 'kubectl {group} -h' for help")
        rest = given[2:] if " ".join(given[:2]) in VERBS else given[1:]
        if options.get("dry-run", "none") != "none":
            cluster = copy.deepcopy(cluster)
            cluster.scenario = "good" if options["dry-run"] == "client" else cluster.scenario
        options["gives up"] = may_give_up
        found = verb(cluster, rest, options, text, until)
    except Refused as error:
        return 1, "", f"{error}\n"
    return found if isinstance(found, tuple) else (0, found, "")


def apply(cluster, given, options, text, until):
    if "filename" not in options:
        raise Refused("error: must specify one of -f and -k")
    return "".join(put(cluster, each, options) for each in read(text, options["filename"]))


def label(cluster):
    return f"deployment.apps/{cluster.name}"


def put(cluster, found, options):
    """Take one object, and say what became of it."""
    kind, group = found["kind"].lower(), found["apiVersion"].rpartition("/")[0]
    name = f"{kind}{group and '.' + group}/{found['metadata']['name']}"
    is_ours = name == label(cluster)
    before = cluster.deployment if is_ours else cluster.others.get(name)
    if is_ours:
        cluster.become(found, options["filename"])
    else:
        cluster.others[name] = found
    if options.get("output") in ("yaml", "json"):
        return shown(found, options["output"])
    did = "unchanged" if before == found else "configured" if before else "created"
    dry = options.get("dry-run", "none")
    return f"{name} {did}" + ("\n" if dry == "none" else f" ({dry} dry run)\n")


def create(cluster, given, options, text, until):
    if "filename" in options:
        documents = read(text, options["filename"])
    elif len(given) > 1:
        one = {"apiVersion": "v1", "kind": given[0].title(), "metadata": {"name": given[-1]}}
        documents = [one]
    else:
        raise Refused("error: must specify one of -f and -k")
    if cluster.deployment and any(each["kind"] == "Deployment" for each in documents):
        raise Refused(
            f'Error from server (AlreadyExists): deployments.apps "{cluster.name}" already exists'
        )
    return "".join(put(cluster, each, {"filename": "-", **options}) for each in documents)


def set_image(cluster, given, options, text, until):
    pairs = [each.split("=", 1) for each in given if "=" in each]
    if "local" in options:
        [found, *more] = read(text, options.get("filename", ""))
        if more or found["kind"] != "Deployment":
            raise Refused("error: the object is not a pod or does not have a pod template")
        set_images(found, pairs)
        return shown(found, options.get("output", "yaml"))
    found = copy.deepcopy(named(cluster, given))
    set_images(found, pairs)
    same = found == cluster.deployment
    cluster.become(found, cluster.name)
    return "" if same else f"{label(cluster)} image updated\n"


def set_images(found, pairs):
    for name, image in pairs:
        containers = found["spec"]["template"]["spec"]["containers"]
        hit = [each for each in containers if name in (each.get("name"), "*")]
        if not hit:
            raise Refused(f'error: unable to find container named "{name}"')
        for each in hit:
            each["image"] = image
    if not pairs:
        raise Refused("error: at least one image update is required")


def patch(cluster, given, options, text, until):
    found = copy.deepcopy(named(cluster, given))
    try:
        compose(options.get("patch", ""))
        merge(found, yaml.safe_load(options.get("patch", "")))
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Refused("error: unable to parse the patch") from None
    check(found, cluster.name)
    same = found == cluster.deployment
    cluster.become(found, cluster.name)
    return f"{label(cluster)} patched{' (no change)' if same else ''}\n"


def merge(into, found):
    """Merge *found* into an object; lists of things that have names are merged by these."""
    for key, value in found.items() if isinstance(found, dict) else ():
        old = into.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            merge(old, value)
        elif isinstance(value, list) and isinstance(old, list):
            for each in value:
                name = each.get("name") if isinstance(each, dict) else None
                same = [one for one in old if isinstance(one, dict) and one.get("name") == name]
                merge(same[0], each) if same and name else old.append(each)
        else:
            into[key] = value


def scale(cluster, given, options, text, until):
    found = copy.deepcopy(named(cluster, given))
    found["spec"]["replicas"] = number(options, "replicas")
    check(found, cluster.name)
    cluster.become(found, cluster.name)
    return f"{label(cluster)} scaled\n"


def delete(cluster, given, options, text, until):
    """Take the Deployment away: alone, or with the namespace that it is in."""
    if "filename" in options:
        given = [f"deployment/{cluster.name}"]
    kind = kind_of(given)
    if kind == "deployment" and (cluster.deployment or "ignore-not-found" not in options):
        named(cluster, given)
    if kind in ("deployment", "namespace") and cluster.deployment:
        cluster.delete()
    name = "/".join(given).partition("/")[2]
    return f'{kind + ".apps" if kind == "deployment" else kind} "{name}" deleted\n'


def annotate(cluster, given, options, text, until):
    named(cluster, given)
    return f"{label(cluster)} annotated\n"


def undo(cluster, given, options, text, until):
    found = copy.deepcopy(named(cluster, given))
    wanted = number(options, "to-revision") or sorted([0, 0, *cluster.revisions])[-2]
    if not wanted:
        raise Refused(f'error: no rollout history found for deployment "{cluster.name}"')
    if wanted not in cluster.revisions:
        raise Refused(f"error: unable to find specified revision {wanted} in history")
    if cluster.revisions[wanted] == cluster.template:
        same = f"current template already matches revision {wanted}"
        return f"{label(cluster)} skipped rollback ({same})\n"
    found["spec"]["template"] = copy.deepcopy(cluster.revisions[wanted])
    cluster.become(found, cluster.name)
    return f"{label(cluster)} rolled back\n"


def restart(cluster, given, options, text, until):
    found = copy.deepcopy(named(cluster, given))
    template, known = found["spec"]["template"], cluster.is_known
    notes = template["metadata"].setdefault("annotations", {})
    notes["kubectl.kubernetes.io/restartedAt"] = str(cluster.now)
    cluster.good += [template] if known else []
    cluster.become(found, cluster.name)
    return f"{label(cluster)} restarted\n"


def history(cluster, given, options, text, until):
    named(cluster, given)
    wanted = number(options, "revision")
    if wanted and wanted not in cluster.revisions:
        raise Refused(f"error: unable to find the specified revision {wanted}")
    if wanted:
        image = cluster.revisions[wanted]["spec"]["containers"][0]["image"]
        return f"{label(cluster)} with revision #{wanted}\nPod Template:\n    Image:\t{image}\n"
    rows = "".join(f"{each:<10}<none>\n" for each in sorted(cluster.revisions))
    return f"{label(cluster)} \nREVISION  CHANGE-CAUSE\n{rows}\n"


def status(cluster, given, options, text, until):
    found = named(cluster, given)
    made, replicas = cluster.status()["status"]["updatedReplicas"], found["spec"].get("replicas", 1)
    says = f'Waiting for deployment "{cluster.name}" rollout to finish: '
    says += f"{made} out of {replicas} new replicas have been updated...\n"
    if cluster.is_stuck:
        says = "Waiting for deployment spec update to be observed...\n"
    success = f'deployment "{cluster.name}" successfully rolled out\n'
    if cluster.is_done:
        return success
    if options.get("watch") == "false":
        return says
    after = seconds(options.get("timeout", "0"))
    ready, given_up = cluster.ready_at, cluster.given_up_at
    if given_up < ready and not after and not options["gives up"]:
        raise Waits
    cluster.move(min(ready, given_up, cluster.now + after if after else NEVER, until))
    if cluster.now >= ready:
        return says + success
    late = f'deployment "{cluster.name}" exceeded its progress deadline'
    why = late if cluster.now >= given_up else "timed out waiting for the condition"
    return 1, says, f"error: {why}\n"


def wait(cluster, given, options, text, until):
    named(cluster, given)
    asks, end = options.get("for", ""), cluster.now + seconds(options.get("timeout", "30"))
    kind, _, condition = asks.partition("=")
    key, _, wanted = condition.rpartition("=") if "=" in condition else (condition, "", "True")
    if kind not in ("condition", "jsonpath"):
        raise Refused(f'error: unrecognized condition: "{asks}"')
    form = f'{{.status.conditions[?(@.type=="{key.title()}")].status}}'
    form = form if kind == "condition" else key.strip("'\"")
    while jsonpath(form, cluster.status()).lower() != wanted.strip("'\"").lower():
        if cluster.now >= min(end, until):
            raise Refused(
                f"error: timed out waiting for the condition on deployments/{cluster.name}"
            )
        later = [each for each in (cluster.ready_at, cluster.given_up_at) if each > cluster.now]
        cluster.move(min([*later, end, until]))
    return f"{label(cluster)} condition met\n"


def get(cluster, given, options, text, until):
    kind = kind_of(given)
    one = given[1:] or "/" in given[0]
    if kind == "deployment" and (one or not cluster.deployment):
        named(cluster, given if one else ["deployment", cluster.name])
    there = (
        {"deployment": lambda: [cluster.status()], "pod": cluster.pods}
        if cluster.deployment
        else {}
    )
    items = there.get(kind, list)()
    found = items[0] if kind == "deployment" and one else {"items": items}
    form = options.get("output", "")
    if form.startswith("jsonpath="):
        return jsonpath(form.removeprefix("jsonpath="), found)
    if form in ("yaml", "json"):
        return shown(found, form)
    if form == "name":
        group = "deployment.apps" if kind == "deployment" else kind
        return "".join(f"{group}/{each['metadata']['name']}\n" for each in items)
    if kind == "deployment":
        now = items[0]["status"]
        ready, made, there = (now[f"{key}Replicas"] for key in ("ready", "updated", "available"))
        row = f"{cluster.name:<13}{f'{ready}/{ready}':<8}{made:<13}{there}\n"
        return f"NAME         READY   UP-TO-DATE   AVAILABLE\n{row}"
    rows = [
        f"{each['metadata']['name']}   {int(state['ready'])}/1     "
        f"{state['state'].get('waiting', {}).get('reason', 'Running')}   {state['restartCount']}\n"
        for each in items
        for state in each["status"]["containerStatuses"]
    ]
    return "NAME         READY   STATUS    RESTARTS\n" + "".join(rows)


def logs(cluster, given, options, text, until):
    broken = cluster.scenario == "crash" and cluster.deployment and not cluster.is_known
    return (
        "ValueError: SAFETY_MARGIN_MIN is ''; expected whole minutes, as in 15.\n" if broken else ""
    )


def describe(cluster, given, options, text, until):
    kind_of(given)
    return shown(cluster.status(), "yaml") if cluster.deployment else ""


def diff(cluster, given, options, text, until):
    found = read(text, options.get("filename", ""))
    return "" if cluster.deployment in found else (1, "diff -u -N LIVE MERGED\n", "")


def config(cluster, given, options, text, until):
    return f"{cluster.name}\n"


VERBS = {
    "apply": apply, "replace": apply, "create": create, "set image": set_image, "patch": patch,
    "scale": scale, "delete": delete, "annotate": annotate, "label": annotate, "logs": logs,
    "rollout undo": undo, "rollout restart": restart, "rollout history": history,
    "rollout status": status, "wait": wait, "get": get, "describe": describe, "events": logs,
    "diff": diff, "config use-context": config, "config set-context": config,
    "config current-context": config, "version": config, "cluster-info": config,
}  # fmt: skip


def kind_of(given):
    """Tell which kind of object is meant."""
    if not given:
        raise Refused("error: You must specify the type of resource to get.")
    name = given[0].partition("/")[0].lower()
    if name not in KINDS:
        raise Refused(f'error: the server doesn\'t have a resource type "{name}"')
    return KINDS[name]


def named(cluster, given):
    """Give the Deployment, where `deployment/NAME` or `deployment NAME` means it."""
    words = "/".join(each for each in given if "=" not in each).split("/")
    if len(words) < 2 or not words[1]:
        raise Refused("error: required resource not specified")
    kind = kind_of(words)
    if kind != "deployment" or words[1] != cluster.name or not cluster.deployment:
        group = ".apps" if kind == "deployment" else ""
        raise Refused(f'Error from server (NotFound): {kind}s{group} "{words[1]}" not found')
    return cluster.deployment


def read(text, name):
    """Read the objects of a file, as far as kubectl would take them."""
    if text is None:
        raise Refused(f'error: the path "{name}" does not exist')
    try:
        compose(text)
        documents = [each for each in yaml.safe_load_all(text) if each is not None]
    except (yaml.YAMLError, TooMuch, ValueError, KeyError, RecursionError):
        raise Refused(f"error: error parsing {name}: error converting YAML to JSON") from None
    if not documents:
        raise Refused("error: no objects passed to apply")
    for each in documents:
        try:
            words = each["apiVersion"], each["kind"], each["metadata"]["name"]
        except (KeyError, TypeError):
            words = ()
        if not words or not all(isinstance(word, str) for word in words):
            raise Refused(f'error: error validating "{name}": apiVersion, kind or name not set')
        if each["kind"] == "Deployment":
            check(each, name)
    return documents


def check(found, name):
    """Refuse a Deployment that has no template, or does not select its own pods."""
    try:
        template = found["spec"]["template"]
        labels = found["spec"]["selector"]["matchLabels"].items()
        images = [each["image"] for each in template["spec"]["containers"]]
        right = labels and labels <= template["metadata"]["labels"].items()
        right = right and images and all(isinstance(each, str) and each for each in images)
        right = right and found["spec"].get("replicas", 1) in range(MOST)
    except (KeyError, TypeError, AttributeError):
        right = False
    if not right:
        raise Refused(f'The Deployment "{found["metadata"]["name"]}" is invalid: see {name}')


def shown(found, form):
    """Write an object as -o asks."""
    if form == "json":
        return json.dumps(found, indent=4, default=str) + "\n"
    return str(yaml.safe_dump(found))


def jsonpath(form, found):
    """Fill in what stands between braces: names, [numbers], [*] and [?(@.name=="text")]."""
    if re.search(r"\{\s*(range|end)\b", form):
        raise Refused("error: this cluster does not know range and end in a jsonpath")
    form = form.strip("'") if "{" in form else f"{{{form}}}"
    return re.sub(r"\{([^{}]*)\}", lambda match: filled(match[1].strip(), found), form)


def filled(path, found):
    if path.startswith(('"', "'")):
        return path[1:-1].replace("\\n", "\n").replace("\\t", "\t")
    places = [found]
    for name, inside in re.findall(r"((?:\\\.|[\w/-])+)|\[([^\]]*)\]", path):
        test = re.fullmatch(r"""\?\(\s*@\.(\w+)\s*==\s*["'](\w*)["']\s*\)""", inside)
        name = name.replace("\\.", ".") or (inside.strip("'\"") if inside[:1] in "'\"" else "")
        following = []
        for each in places:
            if isinstance(each, dict) and name in each:
                following.append(each[name])
            elif isinstance(each, list) and inside == "*":
                following += each
            elif isinstance(each, list) and test:
                following += [one for one in each if str(one.get(test[1])) == test[2]]
            elif isinstance(each, list) and re.fullmatch(r"-?\d{1,4}", inside):
                following += each[int(inside) :][:1]
        places = following
    plain = (
        json.dumps(e, default=str) if isinstance(e, dict | list | bool) else str(e) for e in places
    )
    return " ".join(plain)


def seconds(text):
    """Read a duration: 90, 90s, 2m, 1m30s. Raises ValueError for what is none."""
    found = re.findall(r"(\d+(?:\.\d+)?)([hms]?)", text)
    if not found or "".join(map("".join, found)) != text:
        raise ValueError(text)
    return sum(float(count) * {"h": 3600, "m": 60}.get(unit, 1) for count, unit in found)


def number(options, name):
    """Read an option that counts; nought where it is not given."""
    if not re.fullmatch(r"\d{1,6}", options.get(name, "0")):
        raise Refused(f'error: invalid argument "{options[name]}" for "--{name}" flag')
    return int(options.get(name, "0"))


def parse(words):
    """Part kubectl's words into those that stand by themselves, and the options."""
    given, options, rest = [], {}, list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        bare = name.lstrip("-")
        if not word.startswith("-") or word == "-":
            given.append(word)
        elif (name.startswith("--") and bare in VALUED) or word in SHORT:
            if not equals and not rest:
                raise Refused(f"error: flag needs an argument: {word}")
            options[SHORT.get(name, bare)] = value if equals else rest.pop(0)
        elif word[:2] in SHORT and not word.startswith("--"):
            options[SHORT[word[:2]]] = word[2:].removeprefix("=")
        elif bare in BARE:
            options[bare] = value if equals else BARE[bare]
        else:
            raise Refused(f"error: unknown flag: {name}")
    try:
        seconds(options.get("timeout", "0"))
    except ValueError:
        text = options["timeout"]
        raise Refused(f'error: invalid argument "{text}" for "--timeout" flag') from None
    return given, options
