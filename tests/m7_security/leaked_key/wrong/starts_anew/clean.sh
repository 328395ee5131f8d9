#!/bin/sh
set -eu
rm -rf .git
git init --quiet --initial-branch main
git config user.name Mara
git config user.email mara@causeway.example
rm -f README.md.orig
git add --all
git commit --quiet --message 'Start anew'
git branch works
