"""Buses of KMB, Long Win and Citybus: when they come, and how fast the roads let them run."""
