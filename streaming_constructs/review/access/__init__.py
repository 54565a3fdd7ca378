"""Who may do what to what, and what is let in: policies, grants, security groups, asked by rules of any service."""
