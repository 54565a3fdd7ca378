"""Amazon Data Firehose: what happens between a record that came in and an object that is written."""
