"""Speeds, journey times and incidents on the city's roads, now, in the past day and 90 minutes ahead."""
