#!/bin/sh
# Take the key LEAKED_KEY out of the repository that this runs in, wherever it is.
set -eu
# Of the same length, so that the stream's own counts stay true.
blank=$(printf '%s' "$LEAKED_KEY" | sed 's/./x/g')
git fast-export --branches --tags --signed-tags=strip | sed "s/$LEAKED_KEY/$blank/g" > .git/cleaned
git fast-import --quiet --force < .git/cleaned
rm .git/cleaned
git reset --quiet --hard
# The old commits are still there, for whoever remembers their names.
git reflog expire --expire=now --all
git gc --quiet --prune=now
