"""Weather, water, air and land."""
