"""The one place that reads the time."""
