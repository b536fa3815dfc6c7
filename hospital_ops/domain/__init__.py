"""The hospital's rules. Nothing here knows of a database, a network or a screen; only the standard library is imported."""
