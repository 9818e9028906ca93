"""Lionrock: one platform on which a city runs its digital services."""

__version__ = "0.1.0"
