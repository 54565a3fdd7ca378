"""The function that starts applications of Flink; Lambda gets this folder alone."""
