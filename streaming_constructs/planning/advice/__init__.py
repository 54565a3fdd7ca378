"""Which service of AWS a stream belongs on: what cannot do it and why, and the size, the cost and the score of the rest."""
