"""The market's words and rules: pure, nothing awaits, logs or reads a clock."""
