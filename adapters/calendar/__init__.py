"""Which days trade on the Korean exchanges."""
