"""The graph of a system as a picture: its nodes by their AWS names, layered from left to right, as SVG, Mermaid or text."""
