"""What a service is handed, and the one room that says Hong Kong."""
