"""Named endpoints for clients and agents."""
