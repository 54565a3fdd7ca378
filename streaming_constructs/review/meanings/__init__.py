"""What changes mean, one file for each service."""
