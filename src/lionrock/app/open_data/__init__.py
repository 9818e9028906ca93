"""Every data set as open data: its rows, its schema, its archive. Derived from the declarations alone."""
