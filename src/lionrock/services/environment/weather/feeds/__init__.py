"""The Observatory's downloads, read strictly: one module a format."""
