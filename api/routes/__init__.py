"""The routes, one file a theme; each says its row of the access table."""
