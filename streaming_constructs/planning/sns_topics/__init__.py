"""Amazon SNS topics that consumers publish to."""
