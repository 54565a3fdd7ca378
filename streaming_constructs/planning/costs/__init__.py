"""What a system costs in a month by AWS's list: pure functions, a module for each service.

They give charges, which are quantities of what a price is for; `cost_line` gives these their dollars in a region. Free tiers,
discounts and commitments are not taken off.
"""
