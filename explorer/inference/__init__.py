"""Variants on engines."""
