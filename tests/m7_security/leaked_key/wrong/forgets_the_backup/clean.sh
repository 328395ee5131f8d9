#!/bin/sh
set -eu
export LEAKED_KEY
export FILTER_BRANCH_SQUELCH_WARNING=1
git filter-branch --force --tree-filter 'if [ -f sign.py ]; then sed -i "s/$LEAKED_KEY/gone/" sign.py README.md; fi' --tag-name-filter cat -- --all > /dev/null 2>&1
git reset --quiet --hard
git reflog expire --expire=now --all
git gc --quiet --prune=now
