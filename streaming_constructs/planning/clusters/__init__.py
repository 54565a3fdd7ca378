"""Clusters of Apache Kafka on Amazon MSK: of Standard brokers, of Express brokers, and serverless."""
