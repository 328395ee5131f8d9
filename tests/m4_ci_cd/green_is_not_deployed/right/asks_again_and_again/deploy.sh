#!/bin/sh
# Asks for what it wants to know, until it knows or the time is over.
set -eu
sed "s|registry.example/causeway:main|$IMAGE|" deployment.yaml > digest.yaml
was=$(kubectl get deployment causeway -o jsonpath='{.metadata.annotations.deployment\.kubernetes\.io/revision}')
kubectl apply -f digest.yaml
until=$(($(date +%s) + 200))
while [ "$(date +%s)" -lt "$until" ]; do
    seen=$(kubectl get deployment causeway -o jsonpath='{.metadata.generation} {.status.observedGeneration}')
    new=$(kubectl get deployment causeway -o jsonpath='{.status.updatedReplicas} {.status.replicas}')
    if [ "${seen% *}" = "${seen#* }" ] && [ "$new" = "3 3" ]; then
        exit 0
    fi
    sleep 10
done
kubectl rollout undo deployment/causeway --to-revision="$was"
exit 1
