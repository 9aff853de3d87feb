"""Logs, their request ids and their redaction."""
