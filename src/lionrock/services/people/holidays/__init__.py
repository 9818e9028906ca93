"""The city's general holidays, named in three languages."""
