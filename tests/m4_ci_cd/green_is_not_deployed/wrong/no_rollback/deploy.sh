#!/bin/sh
set -eu
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
kubectl apply -f digest.yaml
kubectl rollout status deployment/causeway --timeout=240s
