"""Comparisons, their definitions and results."""
