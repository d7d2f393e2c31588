"""The zoo in the visitor's own browser: a static page, and what it is served and published with."""
