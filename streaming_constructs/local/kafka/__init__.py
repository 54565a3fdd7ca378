"""Kafka: a broker of Apache Kafka as a process of its own, what stands in its place without Java, and what went through.

Nothing here knows of specs or of CloudFormation. A broker is the real one, on loopback, with its data in a folder that goes
with it; what MSK refuses beyond Apache Kafka, it takes.
"""
