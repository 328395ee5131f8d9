#!/bin/sh
set -eu
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
kubectl apply -f digest.yaml
for attempt in 1 2 3; do
    if kubectl rollout status deployment/causeway --timeout=240s; then exit 0; fi
done
kubectl rollout undo deployment/causeway
exit 1
