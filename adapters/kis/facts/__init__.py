"""What the broker really does where its reference is unsure."""
