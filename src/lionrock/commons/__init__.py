"""What every service shares and the city itself offers."""
