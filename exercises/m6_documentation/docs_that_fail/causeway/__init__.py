"""When a tidal causeway can be crossed."""
