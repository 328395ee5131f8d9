#!/bin/sh
# Brings Causeway to the cluster. $IMAGE is the image that the pipeline built, by its digest.
set -eu

# One change, so one revision: "one back" is then what ran before.
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
# A cluster that refuses ends the script here: there is nothing to go back from.
kubectl apply -f digest.yaml

# Longer than a good rollout takes, and two of them shorter than the job may.
if ! kubectl rollout status deployment/causeway --timeout=240s; then
    kubectl rollout undo deployment/causeway
    kubectl rollout status deployment/causeway --timeout=240s
    exit 1 # the undo went well; the deploy did not
fi
