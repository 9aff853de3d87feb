"""Ways to tell people what is unusual, and where it is kept what they were told."""
