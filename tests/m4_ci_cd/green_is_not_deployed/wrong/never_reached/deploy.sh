#!/bin/sh
set -e
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
kubectl apply -f digest.yaml
kubectl rollout status deployment/causeway --timeout=240s
if [ $? -ne 0 ]; then
    kubectl rollout undo deployment/causeway
    exit 1
fi
