"""Stream analytics: applications of Apache Flink on Managed Service for Apache Flink."""
