#!/bin/sh
# Make the repository of the signs, as it was found: sh make_repository.sh FOLDER KEY
# The key opens nothing: make one up, as in tide-live-4f1d9ac27be0.
set -eu
folder=$1 key=$2
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_PAGER=cat
export GIT_AUTHOR_NAME=Mara GIT_AUTHOR_EMAIL=mara@causeway.example
export GIT_COMMITTER_NAME=Mara GIT_COMMITTER_EMAIL=mara@causeway.example
day=0
save() {
    day=$((day + 1))
    export GIT_AUTHOR_DATE="2026-04-0${day}T09:00:00Z" GIT_COMMITTER_DATE="2026-04-0${day}T09:00:00Z"
    git add --all
    git commit --quiet --message "$1"
}
git init --quiet --initial-branch main "$folder"
cd "$folder"
git config user.name Mara
git config user.email mara@causeway.example
printf 'Signs of the causeway.\n' > README.md
save "Describe the signs"
printf 'KEY = "%s"\nMARGIN = 15\n' "$key" > sign.py
save "Ask the tide office"
git branch works
printf 'Keys begin with tide-live-.\n' >> README.md
save "Say what a key looks like"
git tag --annotate --message "First release" v1
printf 'import os\nKEY = os.environ["TIDE_API_KEY"]\nMARGIN = 15\n' > sign.py
save "Take the key out"
git checkout --quiet works
printf 'margin: 20\n' > works.yaml
save "Close the road for works"
git checkout --quiet main
printf 'curl -H "X-Api-Key: %s"\n' "$key" >> README.md
git stash --quiet
printf 'MARGIN = 20\n' >> sign.py
save "Leave more time"
