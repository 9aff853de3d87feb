"""The tool get_volume_ranking (거래대금 순위)."""
