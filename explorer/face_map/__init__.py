"""Faces laid out by what a detector makes of them."""
