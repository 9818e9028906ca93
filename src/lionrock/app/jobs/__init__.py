"""Background work: back-fill, forecasts and training, sealing and forgetting."""
