"""Settings that a service takes as text or in groups: Flink's property groups, Kafka's properties."""
