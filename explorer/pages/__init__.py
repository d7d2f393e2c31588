"""What people see: one tab a module, every page exposes build_page()."""
