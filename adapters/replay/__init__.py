"""Recorded KIS exchanges, written and answered from."""
