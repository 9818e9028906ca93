"""The Transport Department's traffic downloads, read strictly: one module a format."""
