"""Alerts that the city raises itself: what stands open is compared with what is seen now."""
