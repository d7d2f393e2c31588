"""Many clips at once: a folder, a table, a cluster."""
