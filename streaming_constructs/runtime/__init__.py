"""Code that runs in AWS Lambda: each folder is the asset of one function.

Nothing here is imported by this library, and nothing here imports it: in AWS there is the standard library and botocore.
"""
