"""The city's services, by area; each a declaration and a few pure functions."""
