"""Over the network to others: witnesses asked for their cosignatures, letters carried to whoever wants to be told."""
