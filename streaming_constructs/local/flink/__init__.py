"""A real Flink on this machine: plans and runs the SQL that is deployed, in a process of Java that ends with this one."""
