"""An index on this machine, and what the lesson on installers asks of it."""
