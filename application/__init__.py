"""What the product answers, one file per question."""
