"""Incidents on the roads: one life each, whoever saw it first."""
