"""Vocabulary, manifest, clock, settings, feeds, readings, records, files and bus."""
