"""What rain, rainstorm warnings and typhoon signals do to speed, flow and capacity, and how sure that is."""
