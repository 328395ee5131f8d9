#!/bin/sh
set -eu
sed "s|image: .*|image: $IMAGE|; s|^spec:|spec:\n  progressDeadlineSeconds: 240|" deployment.yaml > digest.yaml
kubectl apply -f digest.yaml
if ! kubectl rollout status deployment/causeway; then
    kubectl rollout undo deployment/causeway
    exit 1
fi
