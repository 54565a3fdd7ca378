"""Deliveries by Amazon Data Firehose, a file for each destination."""
