#!/usr/bin/env bash
# All that a merge request has to pass, on this machine: `bash scripts/everything.sh`.
# It makes .venv from the locks, and gitlab-ci-local runs the jobs of .gitlab-ci.yml's stages lint and
# test in this machine's shell; or those alone that are named: `bash scripts/everything.sh lint docs`.
set -euo pipefail
cd -P "$(dirname "$0")/.."
log=results/everything.log
has() { command -v "$1" > /dev/null; }

# What no lock brings. A job is never left out because its program is not here.
missing=()
need() { has "$1" || missing+=("$1: $2"); }
need git "Debian has it"
need rsync "Debian has it"
need curl "Debian has it"
need chromium "Debian has it"
need chromedriver "Debian has it, as chromium-driver"
need gitlab-ci-local "npm install --global gitlab-ci-local, with Node 22 or newer"
! has gitlab-ci-local || gitlab-ci-local --version > /dev/null 2>&1 ||
    missing+=("node: 22 or newer, since gitlab-ci-local does not start with this one")
need hadolint "https://github.com/hadolint/hadolint#install"
need helm "https://helm.sh/docs/intro/install/"
has kubernetes-validate || need kubeconform "https://github.com/yannh/kubeconform#installation"
has uv || python3 -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null ||
    missing+=("python3: 3.11 or newer, with venv, which Debian has as python3-venv")
top=$(git rev-parse --show-toplevel 2> /dev/null || true)
if [[ $top != "$PWD" ]] || ! git rev-parse --verify --quiet HEAD > /dev/null; then
    missing+=("a commit, in a repository of this folder's own: git init, git add ., git commit")
fi
if [[ ${#missing[@]} -gt 0 ]]; then
    echo "Nothing was started. Missing here:"
    printf '  %s\n' "${missing[@]}"
    exit 2
fi

# The environment is made once, and compared with the locks each time.
install() {
    locks=(--require-hashes --requirement requirements-dev.txt --requirement requirements-ci.txt)
    if has uv; then
        [[ -e .venv ]] || uv venv .venv
        uv pip install --python .venv/bin/python "${locks[@]}"
    else
        [[ -e .venv ]] || python3 -m venv .venv
        .venv/bin/pip install --no-deps "${locks[@]}"
    fi
}
mkdir -p results
if ! install > "$log" 2>&1; then
    tail -n 20 "$log"
    echo "FAIL  [$SECONDS s] environment: not made from the locks. Above is what was said last."
    exit 1
fi
echo "PASS  [$SECONDS s] environment"
[[ :$PATH: == *":$PWD/.venv/bin:"* ]] || PATH="$PWD/.venv/bin:$PATH" # or it is active already
if ! has kubeconform; then
    echo "kubeconform is not here: kubernetes-validate, which has the same schemas, plays it."
    mkdir -p results/bin
    cat > results/bin/kubeconform << 'END'
#!/bin/sh
for file; do :; done # the last of its words
exec kubernetes-validate --strict -k 1.33 "$file"
END
    chmod +x results/bin/kubeconform
    PATH="$PATH:$PWD/results/bin"
fi

# A merge request's pipeline, as GitLab would start it. Its servers get ports that are free.
port() { python -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])'; }
new=$(git merge-base HEAD origin/HEAD 2> /dev/null || git hash-object -t tree /dev/null) # or all
# shellcheck disable=SC2054 # its commas stand between names
given=(
    --variable CI_PIPELINE_SOURCE=merge_request_event --unset-variable CI_COMMIT_BRANCH
    --variable "CI_MERGE_REQUEST_DIFF_BASE_SHA=$new" --variable CI_MERGE_REQUEST_IID=1
    --variable "CAUSEWAY_URL=http://127.0.0.1:$(port)"
    --variable "CONTRACT_URL=http://127.0.0.1:$(port)"
    --ignore-predefined-vars CI_PIPELINE_SOURCE,CI_MERGE_REQUEST_DIFF_BASE_SHA,CI_MERGE_REQUEST_IID
    --force-shell-executor --shell-isolation --no-artifacts-to-source --no-color --timestamps
    --concurrency "$(getconf _NPROCESSORS_ONLN)"
)
listed=$(gitlab-ci-local "${given[@]}" --list-csv 2>> "$log" | tail -n +2) # name;stage;…
# shellcheck disable=SC2046 # a job's name here holds no blanks
[[ $# -gt 0 ]] || set -- $(awk -F';' '$2 ~ /^(lint|test)$/ { print $1 }' <<< "$listed")
code=0
gitlab-ci-local "${given[@]}" "$@" 2>&1 | tee -a "$log" |
    grep --line-buffered -E '^\[.* finished in |^ (PASS|FAIL) ' || code=1

said() { # what the last command of a job printed
    sed -nE "s/^\[[^]]*\] $1 +([\$>] )/\1/p" "$log" | grep -vFx '> still running...' |
        awk '/^\$/ { text = "" } { text = text $0 "\n" } END { printf "%s", text }' | tail -n 40
}
for job in "$@"; do
    if ! ended=$(grep -E "^ (PASS|FAIL) +\[[^]]*\] $job( |$)" "$log"); then
        echo "Not reached: $job"
        code=1
    elif [[ $ended == " FAIL"* ]]; then
        echo "What $job said:" && said "$job"
        [[ $job != policy ]] || { echo "And audit, whose report it reads:" && said audit | tail -n 3; }
    fi
done
others=$(cut -d';' -f1 <<< "$listed" | grep -vxF "$(printf '%s\n' "$@")")
echo "Not asked for here: ${others//$'\n'/, }."
[[ $code -eq 0 ]] && echo "All green: $*." || echo "Not green."
echo "Every line of it is in $log."
exit "$code"
