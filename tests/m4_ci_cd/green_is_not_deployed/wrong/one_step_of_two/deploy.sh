#!/bin/sh
set -eu
kubectl apply -f deployment.yaml
kubectl set image deployment/causeway causeway="$IMAGE"
if ! kubectl rollout status deployment/causeway --timeout=240s; then
    kubectl rollout undo deployment/causeway
    exit 1
fi
