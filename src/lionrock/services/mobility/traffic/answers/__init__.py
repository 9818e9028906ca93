"""What the traffic service answers: one module a question."""
