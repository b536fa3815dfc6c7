"""Use cases: verbs a charge nurse says, one function, one transaction. Only this package writes to the database."""
