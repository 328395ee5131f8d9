#!/bin/sh
set -eu
git reset --quiet --hard HEAD~1
git reflog expire --expire=now --all
git gc --quiet --prune=now
