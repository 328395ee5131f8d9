"""A .git folder, which git does not keep: built."""


def build(folder):
    git = folder / "exercises" / ".git"
    (git / "hooks").mkdir(parents=True)
    (git / "config").write_text("[core]\n\tfsmonitor = touch /tmp/causeway-attack-git\n")
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    hook = git / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\ntouch /tmp/causeway-attack-git\n")
    hook.chmod(0o755)
    return folder
