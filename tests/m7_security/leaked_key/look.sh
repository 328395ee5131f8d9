# What git tells of a repository and of the key in it; FORMS are filled in.
export GIT_NO_REPLACE_OBJECTS=1
git for-each-ref --format='%(refname)' > refs.txt
echo "size $(git cat-file --batch-all-objects --batch-check='%(objectsize)' |
    awk '{ sum += $1 } END { print sum }')"
while read -r ref; do
    git rev-list --objects "$ref" | cut -d' ' -f1 | git cat-file --batch | tr -d '\n' > held.txt
    for form in FORMS; do grep -aqF -e "$form" held.txt && echo "held $ref"; done
done < refs.txt
git cat-file --batch-all-objects --batch | tr -d '\n' > held.txt
for form in FORMS; do grep -aqF -e "$form" held.txt && echo "held store"; done
for branch in main works; do git log --format="log $branch %an %aI %s" "refs/heads/$branch" --; done
git show refs/tags/v1:README.md refs/heads/main:README.md refs/heads/main:sign.py \
    refs/heads/works:works.yaml refs/heads/works:README.md | sed 's/^/file /'
