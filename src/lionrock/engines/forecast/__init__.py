"""Quantile forecasts of many series at many horizons; knows numbers and clocks, nothing of a city."""
