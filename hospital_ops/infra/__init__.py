"""What the hospital stands on: the database, the bus, the servers, the files. It knows the domain and nothing above."""
