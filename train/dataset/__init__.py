"""From data sets to batches of face crops."""
