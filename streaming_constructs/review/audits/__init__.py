"""What is wrong with templates, one file for each service."""
