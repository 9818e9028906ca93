"""Journeys by road: when to leave, which way, how long it may take and what it costs."""
