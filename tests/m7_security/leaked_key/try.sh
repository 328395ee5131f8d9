# A commit with the hook in place; BEFORE, FIRST and CHANGE are filled in.
git init --quiet --initial-branch main try && cd try
git config user.name Mara && git config user.email mara@causeway.example
printf 'Signs.\n' > README.md
BEFORE
git add --all && git commit --quiet --message "Describe the signs"
FIRST
cp ../pre-commit .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit
CHANGE
git commit --quiet --message "Change something"
