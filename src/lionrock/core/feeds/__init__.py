"""One runner for every declared feed: fetch politely, keep the bytes, parse strictly, store, tell the bus."""
