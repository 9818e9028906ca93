"""What the journeys service answers."""
