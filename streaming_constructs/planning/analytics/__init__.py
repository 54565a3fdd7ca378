"""Analytics: applications of Apache Flink on Amazon Managed Service for Apache Flink."""
