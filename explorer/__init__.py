"""What happens to a clip."""
