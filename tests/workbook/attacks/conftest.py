"""What attackers hand in is graded behind walls, and never collected as tests."""

collect_ignore_glob = ["*"]
