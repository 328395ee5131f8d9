#!/bin/sh
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
if ! { kubectl apply -f digest.yaml && kubectl rollout status deployment/causeway --timeout=240s; }; then
    kubectl rollout undo deployment/causeway
    exit 1
fi
