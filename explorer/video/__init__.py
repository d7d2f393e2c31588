"""Reading clips, in a confined process, and writing them."""
