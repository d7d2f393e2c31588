"""Guests: detectors that are not ours, declared by whoever runs the app."""
