#!/bin/sh
set -eu
kubectl set image deployment/causeway causeway="$IMAGE"
if ! kubectl rollout status deployment/causeway --timeout=240s; then
    kubectl rollout undo deployment/causeway
    exit 1
fi
