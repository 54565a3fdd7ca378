"""REST APIs of API Gateway that are deployed, answered on this machine by their own models and mapping templates."""
