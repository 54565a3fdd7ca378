"""How near each node is to what AWS lets it do: the limits of a system at the peak of its load, the nearest first."""
