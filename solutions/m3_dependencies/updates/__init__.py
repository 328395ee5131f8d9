"""The notebook on updates: what Renovate makes of a configuration, in its own words."""
