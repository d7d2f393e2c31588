"""From weights to a released zoo."""
