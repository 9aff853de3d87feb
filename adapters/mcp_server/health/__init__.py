"""The tool health_check (상태)."""
