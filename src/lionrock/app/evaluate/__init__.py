"""Models scored on recordings of real cities, beside their baselines: ``lionrock evaluate``."""
