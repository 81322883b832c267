"""Pages of governed streets and talks."""
