"""Stores: where results and copies live to be looked up."""
