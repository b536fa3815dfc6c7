"""Measurements: run them by `./hospital bench`, or as modules."""
