"""Finding incidents in what road detectors measure."""
