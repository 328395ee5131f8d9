#!/bin/sh
# Settings first, then the image; back over both at once.
set -u
deploy=deployment/causeway
now=$(kubectl get $deploy -o jsonpath='{.spec.template.spec.containers[0].image}')
was=$(kubectl rollout history $deploy | awk 'NF { last = $1 } END { print last }')
if [ "$now" != "$IMAGE" ]; then
    sed "s|image: .*|image: $now|" deployment.yaml | kubectl apply -f - || exit
    if ! kubectl set image $deploy "causeway=$IMAGE"; then
        kubectl rollout undo $deploy --to-revision "$was"
        exit 1
    fi
fi
kubectl rollout status $deploy --timeout 4m && exit
status=$?
kubectl rollout undo $deploy --to-revision "$was"
exit $status
