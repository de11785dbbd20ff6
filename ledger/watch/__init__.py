"""Over the network to others: witnesses that are asked for their cosignatures."""
