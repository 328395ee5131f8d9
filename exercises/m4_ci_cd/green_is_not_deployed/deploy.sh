#!/bin/sh
# Brings Causeway to the cluster. $IMAGE is the image that the pipeline built, by its digest.
kubectl apply -f deployment.yaml
