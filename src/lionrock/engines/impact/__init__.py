"""What an incident cost: extent and vehicle-hours, from speeds and counts as a city measures them."""
