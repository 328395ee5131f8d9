#!/bin/sh
set -eu
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
kubectl apply -f digest.yaml
if ! kubectl rollout status deployment/causeway --timeout=240s | tee rollout.log; then
    kubectl rollout undo deployment/causeway
    exit 1
fi
