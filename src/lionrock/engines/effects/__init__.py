"""What a condition (weather, a closure, an event) does to many series at once, with honest doubt."""
