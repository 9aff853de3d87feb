"""KIS payloads, field for field; names and units are the broker's."""
