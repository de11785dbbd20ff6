"""Votes 表决: meetings, the roll frozen before them, sealed ballots, the count and its certificate; nothing about money."""
