"""What the lesson on reviewing computes: findings in one shape, a gate, an agent and its judge."""
