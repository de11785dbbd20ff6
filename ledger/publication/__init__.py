"""Publication: half-yearly statements that anyone can recompute to the byte, what hangs in public, corrections."""
