"""The hospital's rules. It knows of no database, network or screen: only the standard library is imported."""
