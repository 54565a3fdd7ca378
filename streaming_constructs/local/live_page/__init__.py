"""The live page of a rehearsal: the drawing of its system, with what moves through it."""
