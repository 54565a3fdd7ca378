"""Managed Service for Apache Flink in a rehearsal: its API, and the jobs that run on a real Flink."""
