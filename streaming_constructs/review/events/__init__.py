"""What is read from streams, queues and buses, by which filter, and where it goes."""
