"""How the city moves."""
