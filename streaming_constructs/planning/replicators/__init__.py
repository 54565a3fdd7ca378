"""Replicators of Kafka: topics of one cluster in another one."""
