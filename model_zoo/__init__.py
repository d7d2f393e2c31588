"""What the detectors are, and how they are stored and loaded."""
