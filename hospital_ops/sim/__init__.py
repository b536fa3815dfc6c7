"""A simulated hospital: history to train on, a live day to watch. Simulated is always said to be simulated."""
