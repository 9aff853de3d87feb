"""Settings, one container per environment, and the command line."""
