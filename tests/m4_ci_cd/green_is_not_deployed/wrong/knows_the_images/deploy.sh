#!/bin/sh
set -eu
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
kubectl apply -f digest.yaml
if ! kubectl rollout status deployment/causeway --timeout=240s; then
    kubectl set image deployment/causeway causeway=registry.example/causeway@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    exit 1
fi
