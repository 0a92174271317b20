"""Language models behind one protocol, `Policy`."""
