"""The console, the API and the event stream, on loopback."""
