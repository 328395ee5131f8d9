"""The sign at the causeway."""
