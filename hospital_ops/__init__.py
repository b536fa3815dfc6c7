"""hospital-ops: one hospital's beds, tasks, arrivals and staffing, live."""

__version__ = "0.1.0"
