"""Those who live here, and those who serve them."""
