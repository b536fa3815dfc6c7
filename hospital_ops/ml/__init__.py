"""The models: plain functions from history to forecasts. Nothing here knows the database or the web."""
