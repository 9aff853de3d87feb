"""Whose turn it is among processes: locks on files, or on Redis for replicas."""
