"""Faces in frames: finders, boxes, crops, tracks."""
