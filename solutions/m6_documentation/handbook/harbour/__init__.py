"""What the harbour computes."""
