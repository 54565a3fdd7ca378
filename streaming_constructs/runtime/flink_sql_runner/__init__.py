"""What runs statements of SQL on Managed Service for Apache Flink: sources in `java`, compiled in `flink-sql-runner.jar`."""
