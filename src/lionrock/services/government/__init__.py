"""The city's own work."""
