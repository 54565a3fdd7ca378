"""What is said about a spec: one finding, wherever it was found and however it is printed."""

from __future__ import annotations


