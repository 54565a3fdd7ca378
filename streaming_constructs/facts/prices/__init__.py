"""What AWS charges by its list, on demand, in US dollars by region: a module for each service, loaded when it is asked for.

AWS's pricing pages show their prices by a program. These are as copies of what that program reads have them; `copied` says of
which day. Discounts, commitments and free tiers are not in them.
"""
