"""The AWS that is embedded: its server, its CloudFormation, and the API that the rest speaks to."""
