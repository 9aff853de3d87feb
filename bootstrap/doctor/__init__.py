"""Examines the set-up: what is configured, reachable and wrong, and the next step."""
