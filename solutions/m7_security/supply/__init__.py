"""What the lesson on the supply chain says of packages, of an artifact and of a policy."""
