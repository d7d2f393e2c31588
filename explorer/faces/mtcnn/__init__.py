"""MTCNN: the finder, its cascade and its networks."""
