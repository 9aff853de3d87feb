"""The tool get_unusual_volume (이상 거래량)."""
