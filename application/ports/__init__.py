"""What the application needs of the world, as narrow Protocols."""
