"""What was computed, kept in two tiers: near ones first."""
