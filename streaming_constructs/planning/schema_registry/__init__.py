"""Schemas as a schema registry keeps them: their definitions, and which changes of them it takes."""
