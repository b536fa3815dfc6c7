"""The reports: one statement a measure, grouped by ward and by time in the database, in the hospital's own days.

To add a measure: its definition in domain/reports.py, a module here with its `SAMPLE`, a line in `figures.SAMPLES`.
"""
