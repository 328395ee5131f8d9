#!/bin/sh
set -eu
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
kubectl apply -f digest.yaml
if ! kubectl wait --for=condition=available deployment/causeway --timeout=240s; then
    kubectl rollout undo deployment/causeway
    exit 1
fi
