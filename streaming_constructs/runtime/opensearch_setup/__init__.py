"""The function behind the custom resource that prepares an OpenSearch domain for one delivery."""
