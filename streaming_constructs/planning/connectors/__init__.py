"""Connectors of Kafka Connect, on Amazon MSK Connect."""
