"""Lambda functions: handlers that run as processes of their own."""
