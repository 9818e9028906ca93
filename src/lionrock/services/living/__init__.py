"""Homes, health and leisure."""
