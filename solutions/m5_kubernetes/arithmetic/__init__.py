"""What a cluster computes: rollouts, probes and room, as small models with their sources.

Each function plays one documented rule. Nothing here is a cluster: time passes in whole seconds,
pods end at once, and nothing goes wrong but what the caller asks for.
"""
