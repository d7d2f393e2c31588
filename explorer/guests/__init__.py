"""Guests on engines: detectors that are not ours, run as ours are."""
