#!/bin/sh
set -eu
export LEAKED_KEY
git stash clear
export FILTER_BRANCH_SQUELCH_WARNING=1
git filter-branch --force --tree-filter 'if [ -f sign.py ]; then sed -i "s/$LEAKED_KEY/gone/" sign.py README.md; fi' --tag-name-filter cat -- --branches --tags > /dev/null 2>&1
git for-each-ref --format='delete %(refname)' refs/original | git update-ref --stdin
git reset --quiet --hard
git reflog expire --expire=now --all
git gc --quiet --prune=now
