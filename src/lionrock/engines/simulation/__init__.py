"""Engines that move things through time: what would happen, with and without an incident."""
