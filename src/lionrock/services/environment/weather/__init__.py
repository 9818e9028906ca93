"""Weather now: temperature, wind, rain now and two hours ahead, and the warnings in force."""
