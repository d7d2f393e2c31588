"""What a detector is worth."""
