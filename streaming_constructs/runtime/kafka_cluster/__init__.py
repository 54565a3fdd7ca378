"""What CloudFormation cannot do with a cluster of Kafka on MSK."""
